import { describe, expect, it } from '@jest/globals'
import { StreamMonitor } from '../../src/monitor/stream-monitor.ts'
import { chunk, DONE, play } from '../play.ts'

// "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark": one, of the body. Frames decoded one by one lost theirs.
const hello = chunk({ content: 'Hello' })

describe('a byte order mark inside a body belongs to its line', () => {
  it('whose field is then unknown, also where it begins a frame', () => {
    const body = `${hello}\uFEFFdata: {"a":\ndata: {"b":1}\n\n${DONE}`
    expect(play(body)).toMatchObject({ outcome: 'completed', events: 2, anomalies: [] })
  })

  it('also where the frame is read again since a reader failed on a later one', () => {
    const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer' }, 0)
    monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
    for (const read of [hello, '\uFEFFevent: error\n\ndata: {"cut\n\n']) {
      monitor.pull(1)
      monitor.read(new TextEncoder().encode(read), 1)
      if (read === hello) monitor.payload({ choices: [] })
    }
    monitor.cancel(2)
    const report = monitor.finish({ kind: 'threw', error: { names: ['SyntaxError'], codes: [] } }, 2)
    expect(report).toMatchObject({ events: 2, fault: { code: 'malformed_event', detail: 'cut_json' } })
    expect(report.fault?.chunk?.index).toBe(1)
  })
})
