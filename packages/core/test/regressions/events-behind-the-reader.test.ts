import { describe, expect, it } from '@jest/globals'
import { StreamMonitor } from '../../src/monitor/stream-monitor.ts'
import { chunk } from '../play.ts'

// The SDKs wait for what follows a carriage return: they hand an event that ends in one over only with the next read.
const event = (text: string): Uint8Array => new TextEncoder().encode(text.replaceAll('\n', '\r'))

function playBehind(reads: readonly string[], taken: number): ReturnType<StreamMonitor['finish']> {
  const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer' }, 0)
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
  for (const [at, read] of reads.entries()) {
    monitor.pull(1)
    monitor.read(event(read), 1)
    if (at > 0 && at <= taken) monitor.payload(JSON.parse((reads[at - 1] ?? '').slice(6)))
  }
  monitor.cancel(2)
  return monitor.finish({ kind: 'threw', error: { names: ['SyntaxError'], codes: [] } }, 2)
}

describe('a reader that is one event behind the bytes', () => {
  it('failed on the event before the last read, and is told so', () => {
    const hello = chunk({ content: 'Hello' })
    const report = playBehind([hello, 'data: {"cut\n\n', hello], 1)
    expect(report).toMatchObject({ events: 3, fault: { code: 'malformed_event', detail: 'cut_json' } })
    expect(report.fault?.chunk).toMatchObject({ index: 1, bytes: event('data: {"cut\n\n') })
  })

  it('also where the event that it waits for comes in many reads', () => {
    const hello = chunk({ content: 'Hello' })
    const report = playBehind([hello, 'data: {"cut\n\n', 'da', 'ta: {"cho', 'ices":['], 1)
    expect(report.fault?.chunk).toMatchObject({ index: 1, bytes: event('data: {"cut\n\n') })
  })

  it('failed on an event larger than what is kept, which is not mistaken for another', () => {
    const huge = chunk({ content: 'x'.repeat(40_000) }).replace('}]}', '')
    const report = playBehind([chunk({}), huge, chunk({ content: 'Hello' })], 1)
    expect(report.fault).toMatchObject({ code: 'malformed_event', detail: undefined })
  })
})
