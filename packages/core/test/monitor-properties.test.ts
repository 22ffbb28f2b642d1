import { Buffer, isUtf8 } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import type { Ending } from '../src/faults/evidence.ts'
import { readErrorFacts } from '../src/faults/error-facts.ts'
import { FlightRecorder } from '../src/recorder/flight-recorder.ts'
import { ReadRing } from '../src/recorder/read-ring.ts'
import { MAX_BATCHED_READS, ReadBatch, type BatchedReader } from '../src/monitor/read-batch.ts'
import { ENDS, OUTCOMES } from '../src/vocabulary.ts'
import { chunk, DONE, HEALTHY, pieces, play, withoutReads } from './play.ts'

const ending: fc.Arbitrary<Ending> = fc.constantFrom<Ending>(
  { kind: 'done' },
  { kind: 'threw', error: { names: ['SyntaxError'], codes: [] } },
  { kind: 'threw', error: { names: ['Error'], codes: ['ECONNRESET'] } },
  { kind: 'request_failed', error: { names: [], codes: [], status: 500 } },
  { kind: 'consumer_break' },
  { kind: 'consumer_timeout' },
  { kind: 'collected' },
)

/** Anything that may be told to a monitor, in any order. */
const call: fc.Arbitrary<(monitor: StreamMonitor, nowMs: number) => void> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => (m: StreamMonitor, nowMs: number) => m.read(bytes, nowMs)),
  fc
    .string()
    .map((text) => (m: StreamMonitor, nowMs: number) => m.read(new TextEncoder().encode(`data: ${text}\n\n`), nowMs)),
  fc.anything().map((value) => (m: StreamMonitor) => void m.payload(value)),
  fc.constantFrom(
    (m: StreamMonitor, nowMs: number) => m.pull(nowMs),
    (m: StreamMonitor, nowMs: number) => m.eof(nowMs),
    (m: StreamMonitor, nowMs: number) => m.cancel(nowMs),
    (m: StreamMonitor, nowMs: number) => m.headers({ status: 200, framing: 'chunked' }, nowMs),
  ),
  fc.anything().map((thrown) => (m: StreamMonitor, nowMs: number) => m.fail(readErrorFacts(thrown), nowMs)),
)

describe('the monitor', () => {
  it('never throws, whatever it is told in whatever order, and says one of the known things', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('here', 'consumer'),
        fc.array(call, { maxLength: 40 }),
        ending,
        (decode, calls, last) => {
          const monitor = new StreamMonitor({ decode, recorderBytes: 256 }, 0)
          calls.forEach((tell, i) => tell(monitor, i))
          const report = monitor.finish(last, calls.length)
          expect(OUTCOMES).toContain(report.outcome)
          expect(ENDS).toContain(report.end)
          expect(report.fault !== undefined).toBe(report.outcome === 'broken')
          expect(monitor.finish({ kind: 'done' }, 1e6)).toBe(report)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('gives one report of random bytes in any fragmentation', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .string({
          unit: fc.constantFrom('data: ', '{"a":', '}', '\n', '\r', 'event: error', '[DONE]', 'é', '\uFEFF', ':'),
        })
        .map((text) => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(400)), (body, cuts) => {
        expect(withoutReads(play(body, { cuts }))).toEqual(withoutReads(play(body)))
      }),
      { numRuns: 1000 },
    )
  })

  it('holds no more of a long stream than of a short one', () => {
    const monitor = new StreamMonitor({ decode: 'consumer', recorderBytes: 4096 }, 0)
    const bytes = new TextEncoder().encode(chunk({ content: 'Hello' }))
    for (let i = 0; i < 20_000; i++) {
      monitor.pull(i)
      monitor.read(bytes, i)
      monitor.payload({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] })
    }
    expect(monitor.recorder.allocated).toBe(512)
    expect(monitor.recorder.referenced).toBe(0)
    const report = monitor.finish({ kind: 'consumer_break' }, 20_000)
    expect(report.recentReads).toHaveLength(32)
    expect(report).toMatchObject({ reads: 20_000, events: 20_000, bytes: 20_000 * bytes.length })
  })

  it('tells choices apart up to its bound, and no further', () => {
    const body = Array.from({ length: 300 }, (_, i) => chunk({ content: 'x' }, 'stop', i)).join('')
    expect(play(body).finishReasons).toHaveLength(128)
  })

  it('decodes an event as large as its bound, and leaves a larger one unjudged', () => {
    const size = 1_048_576
    const event = (length: number): string => `data: {"x":"${'y'.repeat(length - 16)}"}\n\n`
    expect(play(event(size) + HEALTHY)).toMatchObject({ outcome: 'completed', events: 5 })
    expect(play(event(3 * size).replace('"}', '"') + HEALTHY)).toMatchObject({ outcome: 'completed', events: 5 })
  })
})

const NATIVE = {
  isUtf8,
  indexOf: (bytes: Uint8Array, byte: number, from: number): number => Buffer.prototype.indexOf.call(bytes, byte, from),
}

// What a reader of the SDK does with a body, in few lines: it hands events over, stops at [DONE], fails on what it cannot read.
function playToReader(bytes: Uint8Array, cuts: readonly number[], batch?: ReadBatch): ReturnType<typeof play> {
  const monitor = new StreamMonitor({ decode: 'consumer', batch }, 0)
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
  let rest = ''
  const decoder = new TextDecoder()
  for (const piece of pieces(bytes, cuts)) {
    monitor.pull(1)
    monitor.read(piece, 1)
    rest += decoder.decode(piece, { stream: true })
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
      const lines = rest.slice(0, end).split('\n')
      rest = rest.slice(end + 2)
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.replace(/^data: ?/, ''))
      if (data.length === 0 && !lines.some((line) => /^event: ?./.test(line))) continue
      const text = data.join('\n')
      if (text === '[DONE]') {
        monitor.cancel(1)
        return monitor.finish({ kind: 'done' }, 2)
      }
      const fail = (name: string): ReturnType<typeof play> => {
        monitor.cancel(1)
        return monitor.finish({ kind: 'threw', error: { names: [name], codes: [] } }, 2)
      }
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        return fail('SyntaxError')
      }
      if (typeof value === 'object' && value !== null && 'error' in value && Boolean(value.error))
        return fail('APIError')
      monitor.payload(value)
    }
  }
  monitor.pull(1)
  monitor.eof(1)
  return monitor.finish({ kind: 'done' }, 2)
}

describe('a monitor that is handed the decoded values', () => {
  const piece = fc.constantFrom(
    chunk({ content: 'Hello' }),
    chunk({ content: '世界 🌊' }, null, 1),
    chunk({}, 'stop'),
    chunk({}, 'stop', 1),
    ': ping\n\n',
    DONE,
    'data: {"error":{"code":"x"}}\n\n',
    'data: {"choices":[{"del\n\n',
    'data: {"a":1}\ndata: {"b":2}\n\n',
    'event: ping\n\n',
    'data: {"type":"response.completed"}\n\n',
    'data: {"cut',
    'data: {"usage":{"prompt_tokens":1}}\n\n',
  )

  it('says what one says that decodes for itself', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(1500)), (parts, cuts) => {
        // What stands after [DONE] is read by none but those who replay.
        const end = parts.indexOf(DONE)
        const bytes = new TextEncoder().encode(parts.slice(0, end === -1 ? undefined : end + 1).join(''))
        const { outcome, fault, finishReasons, usage } = play(bytes)
        const told = playToReader(bytes, cuts)
        expect({ ...told, fault: { ...told.fault } }).toMatchObject({ outcome, finishReasons, fault: { ...fault } })
        if (outcome === 'completed') expect(told.usage).toEqual(usage)
      }),
      { numRuns: 3000 },
    )
  })

  it('says the same where small reads wait to be looked at together', () => {
    const content = 'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}'
    const named = fc.constantFrom(
      `${content}\n\nevent: error\ndata: {"message":"x"}\n\n`,
      `${content}\n\nevent: error\ndata: {"choices":[]}\n\n`,
      `${content}\r\n\r\n`,
      `${content}\r\r`,
      `\uFEFF${content}\n\n`,
      'data: \u00ff\n\n',
    )
    const parts = fc.array(fc.oneof({ weight: 20, arbitrary: fc.constant(`${content}\n\n`) }, piece, named), {
      maxLength: 120,
    })
    const cuts = fc.oneof(fc.constant('events' as const), fc.array(fc.nat(3000)))
    fc.assert(
      fc.property(parts, cuts, (texts, how) => {
        const bytes = Buffer.concat(texts.map((text) => Buffer.from(text, text.includes('\u00ff') ? 'latin1' : 'utf8')))
        let end = 0
        const borders = texts.map(
          (text) => (end += Buffer.byteLength(text, text.includes('\u00ff') ? 'latin1' : 'utf8')),
        )
        const at = how === 'events' ? borders : how
        const { chunks: eagerChunks, ...eager } = playToReader(bytes, at)
        const { chunks, ...told } = playToReader(bytes, at, new ReadBatch(NATIVE))
        expect(told).toEqual(eager)
        // An error that looks like a piece of an answer, in the very read of one, is counted as what it looks like.
        const sum = ({ output, lifecycle, usage, error }: typeof chunks): number => output + lifecycle + usage + error
        expect(sum(chunks)).toBe(sum(eagerChunks))
        if (!texts.some((text) => text.includes('event: error\ndata: {"choices"'))) expect(chunks).toEqual(eagerChunks)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a batch of reads', () => {
  it('is not deceived by a transport that uses its buffer again', () => {
    const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer', batch: new ReadBatch(NATIVE) }, 0)
    const buffer = new Uint8Array(512)
    const events = [...Array.from({ length: 40 }, (_, i) => chunk({ content: `${i}` })), chunk({}, 'stop'), DONE]
    for (const event of events) {
      const { written } = new TextEncoder().encodeInto(event, buffer)
      monitor.pull(1)
      monitor.read(buffer.subarray(0, written), 1)
      if (event !== DONE) monitor.payload(JSON.parse(event.slice('data: '.length)))
      buffer.fill(0x0a)
    }
    monitor.eof(1)
    const report = monitor.finish({ kind: 'done' }, 2)
    expect(report).toMatchObject({ outcome: 'completed', end: 'terminator', events: 41, anomalies: [] })
  })

  it('is looked at in order when it is full, and holds nothing any more then', () => {
    const seen: [reader: string, text: string, taken: number, isPlain: boolean][] = []
    const reader = (name: string): BatchedReader => ({
      lookAt: (bytes, taken, isPlain) => seen.push([name, new TextDecoder().decode(bytes), taken, isPlain]),
    })
    const batch = new ReadBatch(NATIVE)
    const [one, other] = [reader('one'), reader('other')]
    for (let i = 1; i <= MAX_BATCHED_READS; i++) {
      expect(seen).toEqual([])
      batch.add(i % 2 === 0 ? other : one, new TextEncoder().encode(`data: ${i}`), i)
    }
    expect(seen).toHaveLength(MAX_BATCHED_READS)
    expect(seen.slice(0, 2)).toEqual([
      ['one', 'data: 1', 1, true],
      ['other', 'data: 2', 2, true],
    ])
    batch.settle()
    expect(seen).toHaveLength(MAX_BATCHED_READS)
  })

  it.each([
    ['whole characters', ['data: é', '世\n'], true],
    ['a character cut at the end of a read', ['data: \u00c3', '\u00a9\n'], false],
    ['bytes that are no UTF-8', ['data: \u00ff.'], false],
    ['a carriage return', ['data: x\r\n', 'data: y'], false],
  ])('tells %s', (what, texts, isPlain) => {
    const seen: boolean[] = []
    const reader: BatchedReader = { lookAt: (_, __, plain) => seen.push(plain) }
    const batch = new ReadBatch(NATIVE)
    // The second and third are bytes, not characters.
    const isText = what === 'whole characters' || what === 'a carriage return'
    for (const text of texts) batch.add(reader, isText ? Buffer.from(`${text} `) : Buffer.from(text, 'latin1'), 0)
    batch.settle()
    expect(seen).toEqual(texts.map(() => isPlain))
  })
})

describe('the recorder', () => {
  it('holds what is needed, and no more copies than its bound, for any pieces', () => {
    const piece = fc.record({ bytes: fc.uint8Array({ maxLength: 2000 }), needed: fc.nat(1500), settles: fc.boolean() })
    fc.assert(
      fc.property(fc.nat(3000), fc.array(piece, { maxLength: 12 }), fc.nat(5000), (max, given, from) => {
        const recorder = new FlightRecorder(max)
        const all: number[] = []
        let needed = 0
        for (const { bytes, needed: back, settles } of given) {
          needed = Math.max(needed, all.length + bytes.length - back)
          recorder.push(bytes, needed)
          all.push(...bytes)
          if (settles) recorder.settle(needed)
          expect(recorder.allocated).toBeLessThanOrEqual(max)
          expect(recorder.start).toBeLessThanOrEqual(Math.max(needed, all.length - recorder.referenced - max))
          if (settles) expect(recorder.referenced).toBe(0)
        }
        const { bytes, offset } = recorder.slice(from, all.length)
        expect(offset).toBe(Math.max(from, recorder.start))
        expect([...bytes]).toEqual(all.slice(offset))
        expect(recorder.end).toBe(all.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('holds the last reads, never more than its bound', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(60), (max, reads) => {
        const ring = new ReadRing(max)
        for (let i = 0; i < reads; i++) ring.push(10, i, i + 0.5)
        const kept = ring.list()
        expect(kept).toHaveLength(Math.min(max, reads))
        expect(kept.map(({ index, offset }) => offset - 10 * index)).toEqual(kept.map(() => 0))
        expect(kept.at(-1)?.index).toBe(kept.length === 0 ? undefined : reads - 1)
      }),
    )
  })
})
