import { describe, expect, it } from '@jest/globals'
import type { ParseErrorRate, StreamRow } from '@streamgauge/viewer'
import { compare } from '../src/demo/result.ts'
import { planTour, type Stop } from '../src/demo/tour.ts'
import { formatDemo } from '../src/print/demo-report.ts'

const RATE: ParseErrorRate = {
  parseErrors: 1,
  parseErrorsByType: { truncated_event: 1, malformed_event: 0 },
  ended: 4,
  endedByOutcome: {},
  chunks: 9,
  perStream: 0.25,
  perChunk: 1 / 9,
}

/** A span that says of a stop what is expected of it. */
function rowOf(stop: Stop, other: Partial<StreamRow> = {}): StreamRow {
  return {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    parentSpanId: null,
    name: `chat ${stop.model}`,
    service: 'streamgauge-demo',
    startMs: 0,
    startNanos: '0',
    endNanos: '0',
    durationMs: 0,
    statusCode: 'unset',
    statusMessage: '',
    attributes: {},
    spanEvents: [],
    model: stop.model,
    operation: 'chat',
    outcome: stop.expected.outcome,
    end: null,
    errorType: stop.expected.errorType ?? null,
    cause: null,
    causeConfidence: null,
    remedy: null,
    anomalies: stop.expected.anomalies,
    reads: 1,
    events: 3,
    bytes: 100,
    timeToFirstChunkMs: 1,
    maxGapMs: 1,
    chunk: null,
    finishReasons: [],
    ...other,
  }
}

const STOPS = planTour(['plain', 'no_done', 'stall_then_continue'])
const [PLAIN, NO_DONE, STALL] = STOPS as readonly [Stop, Stop, Stop]
const rowsWith = (...changed: readonly StreamRow[]): readonly StreamRow[] => [
  ...changed,
  ...STOPS.map((stop) => rowOf(stop)).filter(({ model }) => changed.every((row) => row.model !== model)),
]

describe('compare', () => {
  it('finds nothing where the telemetry says what was injected', () => {
    const { summary } = compare(STOPS, rowsWith(), RATE)
    expect(summary).toEqual({ streams: 3, faults: 2, healthy: 1, asExpected: 3, differences: [] })
  })

  it.each<readonly [string, readonly StreamRow[], string]>([
    [
      'a healthy stream that is told as broken',
      rowsWith(rowOf(PLAIN, { outcome: 'broken', errorType: 'premature_close' })),
      'plain: expected completed, but was told as premature_close.',
    ],
    [
      'a fault that is told as another',
      rowsWith(rowOf(NO_DONE, { errorType: 'truncated_event' })),
      'no_done: expected missing_terminator, but was told as truncated_event.',
    ],
    [
      'a fault that nobody saw',
      rowsWith(rowOf(NO_DONE, { outcome: 'completed', errorType: null })),
      'no_done: expected missing_terminator, but was told as completed.',
    ],
    [
      'an anomaly that nobody saw',
      rowsWith(rowOf(STALL, { anomalies: [] })),
      'stall_then_continue: expected completed with stalled, but was told as completed.',
    ],
    [
      'an anomaly too many',
      rowsWith(rowOf(PLAIN, { anomalies: ['bom'] })),
      'plain: expected completed, but was told as completed with bom.',
    ],
    ['a stream without a span', rowsWith().slice(1), 'plain: no span of it arrived.'],
  ])('tells of %s', (_, rows, difference) => {
    const result = compare(STOPS, rows, RATE)
    expect(result.summary).toMatchObject({ asExpected: 2, differences: [difference] })
    const page = formatDemo(result, 100)
    expect(page).toContain(`✗ 2 faults and 1 healthy stream: 2 of 3 told as what they were\n  ${difference}`)
    expect(page.match(/^✗ {2}\w+/gm)).toHaveLength(1)
  })
})

describe('formatDemo', () => {
  it('puts broken streams first, then those without a span, then the rest by how they ended', () => {
    const rows = [rowOf(PLAIN), rowOf(NO_DONE, { outcome: 'broken' })]
    const titles = formatDemo(compare(STOPS, rows, RATE), 100).match(/^\d+ .*$/gm)
    expect(titles).toEqual(['1 broken', '1 without a span', '1 completed'])
  })

  it('tells the parse-error rate by types, and says unknown where no stream ended', () => {
    expect(formatDemo(compare(STOPS, rowsWith(), RATE), 100)).toContain(
      'Parse-error rate 25.0 % of streams\n  1 chunk of 10 could not be parsed, in 4 streams: truncated_event 1.\n',
    )
    const none = {
      ...RATE,
      parseErrors: 0,
      parseErrorsByType: {},
      ended: 0,
      chunks: 0,
      perStream: null,
      perChunk: null,
    }
    expect(formatDemo(compare(STOPS, [], none), 100)).toContain(
      'Parse-error rate unknown of streams\n  0 chunks of 0 could not be parsed, in 0 streams.\n',
    )
  })

  it('shows what comes from the telemetry without doing what it says', () => {
    const hostile = '\u001b[2J\u202e'
    const chunk = { raw: hostile, index: 0, offset: 0, size: 5, truncated: false, encoding: hostile, break: 1 }
    const told = { cause: hostile, causeConfidence: hostile, remedy: hostile, anomalies: [hostile], chunk }
    const attributes = { 'streamgauge.cause.evidence': hostile }
    const rows = rowsWith(
      rowOf(NO_DONE, { ...told, errorType: hostile, attributes }),
      rowOf(PLAIN, { outcome: hostile, errorType: hostile }),
    )
    expect(formatDemo(compare(STOPS, rows, { ...RATE, parseErrorsByType: { [hostile]: 1 } }), 100)).not.toMatch(
      /(?!\n)[\p{Cc}\p{Cf}]/u,
    )
  })
})
