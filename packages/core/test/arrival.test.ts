import { describe, expect, it } from '@jest/globals'
import { ANOMALY_CATALOGUE } from '../src/faults/anomaly-catalogue.ts'
import type { HopName } from '../src/faults/hops.ts'
import type { Anomaly, StreamReport } from '../src/monitor/report.ts'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import { WireRecord } from '../src/recorder/wire-record.ts'
import { chunk, DONE } from './play.ts'

const event = chunk({ content: 'word' })
const end = chunk({}, 'stop') + DONE

/** A read: what passes before it, and what it brings. */
interface Read {
  /** Milliseconds that the consumer takes before it asks. @defaultValue 0 */
  readonly idleMs?: number
  readonly waitMs: number
  readonly events: number
  /** Bytes, where they are to be exact; comments fill them up. */
  readonly bytes?: number
}

interface Arrival {
  readonly reads: readonly Read[]
  /** From the request. @defaultValue 20 */
  readonly headersMs?: number
  readonly proxies?: readonly HopName[]
  readonly contentEncoding?: string
  readonly framing?: 'chunked' | 'length'
  readonly host?: string
  /** When the process was busy: from, to, on the clock of the request. */
  readonly busy?: readonly (readonly [fromMs: number, toMs: number])[]
  /** Times at which pieces came off the wire; of one event each, or of as many bytes. */
  readonly wire?: readonly (number | readonly [ms: number, bytes: number])[]
  /** Ends with the connection, at the end of such a silence, instead of in order. */
  readonly cutAfterMs?: number
  readonly stallThresholdMs?: number
}

function arrive(arrival: Arrival): StreamReport {
  const {
    reads,
    headersMs = 20,
    proxies = [],
    framing = 'chunked',
    busy = [],
    wire,
    host = 'llm.example.com',
  } = arrival
  const monitor = new StreamMonitor(
    {
      host,
      stallThresholdMs: arrival.stallThresholdMs,
      blockedMs: (waitFromMs, waitToMs) => {
        const last = busy.findLast(([, toMs]) => toMs > waitFromMs && toMs <= waitToMs && waitToMs - toMs <= 10)
        return last === undefined ? 0 : last[1] - last[0]
      },
    },
    0,
  )
  const { contentEncoding } = arrival
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing, proxies, contentEncoding }, headersMs)
  let nowMs = headersMs
  const text = new TextEncoder()
  reads.forEach(({ idleMs = 0, waitMs, events, bytes }, index) => {
    nowMs += idleMs
    monitor.pull(nowMs)
    nowMs += waitMs
    let body = event.repeat(events) + (index === reads.length - 1 && arrival.cutAfterMs === undefined ? end : '')
    if (bytes !== undefined) body = `:${'-'.repeat(bytes - body.length - 2)}\n${body}`
    monitor.read(text.encode(body), nowMs)
  })
  monitor.pull(nowMs)
  if (wire !== undefined) {
    monitor.wire = new WireRecord()
    for (const piece of wire) {
      const [ms, size] = typeof piece === 'number' ? ([piece, 10_000] as const) : piece
      monitor.wire.add(size, ms)
    }
  }
  if (arrival.cutAfterMs === undefined) monitor.eof(nowMs)
  else monitor.fail({ names: [], codes: ['UND_ERR_SOCKET'] }, (nowMs += arrival.cutAfterMs))
  return monitor.finish({ kind: 'done' }, nowMs)
}

const types = (arrival: Arrival): readonly string[] => arrive(arrival).anomalies.map(({ type }) => type)
function find(arrival: Arrival, type: Anomaly['type']): Anomaly {
  const found = arrive(arrival).anomalies.find((anomaly) => anomaly.type === type)
  if (found === undefined) throw new Error(`not found to be ${type}`)
  return found
}

const steps = (count: number, stepMs: number, fromMs: number): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * stepMs)
/** All of it in one read, after 1500 ms. */
const AT_ONCE: readonly Read[] = [{ waitMs: 1500, events: 40 }]
/** Ten events every 150 ms. */
const BURSTS: readonly Read[] = Array.from({ length: 4 }, () => ({ waitMs: 150, events: 10 }))

describe('an answer is buffered', () => {
  it.each<readonly [string, Arrival, readonly string[]]>([
    ['where it came late and at once', { reads: AT_ONCE }, ['buffered']],
    ['where it came with its headers', { reads: [{ waitMs: 1, events: 40 }], headersMs: 1500 }, ['buffered']],
    ['not where it came in time', { reads: [{ waitMs: 100, events: 40 }] }, []],
    ['not where it is short', { reads: [{ waitMs: 1500, events: 10 }] }, []],
    ['not where the consumer came late', { reads: [{ idleMs: 1500, waitMs: 1, events: 40 }] }, []],
    ['not where the event loop was blocked after the headers', { reads: AT_ONCE, busy: [[25, 1518]] }, []],
    [
      'not where the event loop was blocked before the headers',
      { reads: [{ waitMs: 1, events: 40 }], headersMs: 1500, busy: [[10, 1499]] },
      [],
    ],
    [
      'not where the rest came while the consumer was away',
      {
        reads: [
          { waitMs: 1500, events: 1 },
          { idleMs: 2000, waitMs: 1, events: 39 },
        ],
      },
      [],
    ],
    [
      'though the consumer was away with most of it',
      {
        reads: [
          { waitMs: 1500, events: 30 },
          { idleMs: 2000, waitMs: 1, events: 10 },
        ],
      },
      ['buffered'],
    ],
    [
      'not where it may have come while the event loop was blocked at the end',
      { reads: AT_ONCE, busy: [[1300, 1518]] },
      [],
    ],
    ['though the event loop was blocked for a moment', { reads: AT_ONCE, busy: [[1440, 1518]] }, ['buffered']],
    ['though the event loop was blocked long before', { reads: AT_ONCE, busy: [[0, 450]] }, ['buffered']],
    ['not where the wire brought it in time', { reads: AT_ONCE, wire: steps(40, 36, 40) }, []],
    ['where the wire brought it at once', { reads: AT_ONCE, wire: steps(40, 1, 1480) }, ['buffered']],
    [
      'though a record of the wire is that of another body',
      {
        reads: AT_ONCE,
        wire: [
          [40, 10],
          [1500, 10],
        ],
      },
      ['buffered'],
    ],
    ['though a record of the wire began only later', { reads: AT_ONCE, wire: steps(40, 22, 1530) }, ['buffered']],
    [
      'not where only the compressed wire shows the times',
      {
        reads: AT_ONCE,
        contentEncoding: 'gzip',
        wire: [
          [40, 100],
          [1500, 100],
        ],
      },
      [],
    ],
    [
      'though the head of a compressed body came at once',
      {
        reads: AT_ONCE,
        contentEncoding: 'gzip',
        wire: [
          [40, 10],
          [1500, 400],
        ],
      },
      ['buffered'],
    ],
  ])('%s', (_, arrival, expected) => expect(types(arrival)).toEqual(expected))
})

describe('an answer is coalesced', () => {
  it.each<readonly [string, Arrival, readonly string[]]>([
    ['where it came in bursts', { reads: BURSTS }, ['coalesced']],
    [
      'not where each event came by itself',
      { reads: Array.from({ length: 40 }, () => ({ waitMs: 20, events: 1 })) },
      [],
    ],
    ['not where the consumer was slow', { reads: BURSTS.map((read) => ({ ...read, idleMs: 150, waitMs: 1 })) }, []],
    [
      'not where the event loop was blocked each time',
      { reads: BURSTS, busy: steps(4, 150, 30).map((ms) => [ms, ms + 138] as const) },
      [],
    ],
    ['not where the wire brought event by event', { reads: BURSTS, wire: steps(40, 15, 35) }, []],
    [
      'not where the wire brought a bit of the first event, and then event by event',
      { reads: BURSTS, wire: [[40, 10], ...steps(40, 15, 180)] },
      [],
    ],
    [
      'where the wire brought bursts as well',
      { reads: BURSTS, wire: steps(4, 150, 170).flatMap((ms) => steps(10, 1, ms)) },
      ['coalesced'],
    ],
    ['where the wire brought whole bursts', { reads: BURSTS, wire: steps(4, 150, 170) }, ['coalesced']],
  ])('%s', (_, arrival, expected) => expect(types(arrival)).toEqual(expected))
})

describe('a wait is a stall', () => {
  const stalled = (waitMs: number, events = 1): readonly Read[] => [
    { waitMs: 100, events: 3 },
    { waitMs, events },
  ]
  it.each<readonly [string, Arrival, readonly string[]]>([
    ['where it is above the threshold', { reads: stalled(30_500) }, ['stalled']],
    ['not below', { reads: stalled(29_500) }, []],
    ['not where the process was busy', { reads: stalled(30_500), busy: [[1_000, 30_615]] }, []],
    ['though the process was busy for a part', { reads: stalled(40_000), busy: [[31_000, 40_115]] }, ['stalled']],
    [
      'not where the consumer was away',
      {
        reads: [
          { waitMs: 100, events: 3 },
          { idleMs: 60_000, waitMs: 1, events: 1 },
        ],
      },
      [],
    ],
  ])('%s', (_, arrival, expected) => expect(types(arrival)).toEqual(expected))

  it('and time in which the process was busy is no gap of the network either', () => {
    expect(arrive({ reads: stalled(30_500), busy: [[1_000, 30_615]] }).maxGapMs).toBe(30_500 - 29_615)
  })

  it('that a timer ended has its cause', () => {
    const arrival = { reads: [{ waitMs: 100, events: 3 }], cutAfterMs: 60_020, proxies: ['nginx'] } as const
    expect(find(arrival, 'stalled')).toMatchObject({ cause: 'proxy_idle_timeout', confidence: 'likely' })
  })

  it('that was over when the stream broke has none', () => {
    const arrival = { reads: stalled(60_020), cutAfterMs: 200, proxies: ['nginx'] } as const
    expect(find(arrival, 'stalled')).not.toHaveProperty('cause')
  })

  it('after which many events came at once was one of buffering, at a guess', () => {
    expect(find({ reads: stalled(30_500, 12) }, 'stalled')).toMatchObject({
      cause: 'proxy_buffering',
      confidence: 'guess',
    })
    expect(find({ reads: stalled(30_500, 6) }, 'stalled')).not.toHaveProperty('cause')
  })
})

describe('why an answer was held back', () => {
  const blocks = BURSTS.map((read) => ({ ...read, bytes: 4096 }))
  const pages = BURSTS.map((read, index) => ({ ...read, bytes: 4096 + index }))
  it.each<readonly [string, Arrival, Anomaly['type'], string, RegExp]>([
    ['nothing tells', { reads: AT_ONCE }, 'buffered', 'guess', /^nothing in the response tells/],
    ['a proxy that was seen', { reads: AT_ONCE, proxies: ['nginx'] }, 'buffered', 'likely', /through nginx$/],
    ['a proxy that was seen, of bursts', { reads: BURSTS, proxies: ['nginx'] }, 'coalesced', 'guess', /through nginx$/],
    [
      "a provider's own edge",
      { reads: AT_ONCE, proxies: ['cloudflare'], host: 'api.openai.com' },
      'buffered',
      'guess',
      /^nothing/,
    ],
    ['compression', { reads: BURSTS, contentEncoding: 'gzip' }, 'coalesced', 'likely', /compressed \(gzip\)/],
    ['no compression at all', { reads: BURSTS, contentEncoding: 'identity' }, 'coalesced', 'guess', /^nothing/],
    [
      'blocks of a proxy',
      { reads: blocks, proxies: ['nginx'] },
      'coalesced',
      'likely',
      /^4 reads are blocks .*; the response came through nginx$/,
    ],
    [
      'one block, which chance brings',
      { reads: [...pages.slice(1), ...pages.slice(0, 1), ...BURSTS.slice(0, 1)] },
      'coalesced',
      'guess',
      /^nothing/,
    ],
    [
      'blocks of what was inflated',
      { reads: blocks, contentEncoding: 'br' },
      'coalesced',
      'likely',
      /^the answer is compressed \(br\)[^;]*$/,
    ],
    ['a length that was known', { reads: AT_ONCE, framing: 'length' }, 'buffered', 'likely', /Content-Length/],
    [
      'blocks of the wire',
      {
        reads: BURSTS,
        wire: steps(4, 150, 170).flatMap(
          (ms) =>
            [
              [ms, 4096],
              [ms, 4096],
            ] as const,
        ),
      },
      'coalesced',
      'likely',
      /^8 reads are blocks/,
    ],
  ])('%s', (_, arrival, type, confidence, evidence) => {
    const found = find(arrival, type)
    expect(found).toMatchObject({ cause: 'proxy_buffering', confidence })
    expect(found.evidence).toMatch(evidence)
  })

  it('is answered by the remedy of the catalogue, and another where it is compressed', () => {
    const { remedy, remedyWhenCompressed } = ANOMALY_CATALOGUE.find(({ type }) => type === 'buffered') ?? {}
    expect(find({ reads: AT_ONCE }, 'buffered').remedy).toBe(remedy)
    expect(find({ reads: AT_ONCE, contentEncoding: 'gzip' }, 'buffered').remedy).toBe(remedyWhenCompressed)
    expect(remedy).not.toBe(remedyWhenCompressed)
  })

  it('changes nothing in how the stream ended', () => {
    expect(arrive({ reads: AT_ONCE, proxies: ['nginx'] })).toMatchObject({ outcome: 'completed', fault: undefined })
  })
})

describe('the record of the wire', () => {
  it('is a few numbers, however many pieces', () => {
    const wire = new WireRecord()
    for (const ms of [10, 20, 100, 101, 400]) wire.add(ms === 100 ? 4096 : 50, ms)
    expect({ ...wire, spreadMs: wire.spreadMs }).toEqual({
      pieces: 5,
      bytes: 4296,
      firstAtMs: 10,
      textAtMs: 10,
      lastAtMs: 400,
      longestGapMs: 299,
      pauses: 2,
      blocks: 1,
      spreadMs: 390,
    })
  })
})
