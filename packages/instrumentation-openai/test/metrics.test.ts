import { describe, expect, it } from '@jest/globals'
import { GEN_AI_METRIC, METRIC } from '@streamgauge/core/semconv'
import { BROKEN, DONE, HELLO, MAJORS, replay, USAGE, values } from './replay.ts'

const LIMIT_MS = 60_000

describe.each(MAJORS)('openai %i: metrics', (major) => {
  const NO_PARSE_ERRORS = {
    not_event_stream: 0,
    malformed_event: 0,
    empty_event: 0,
    truncated_event: 0,
    unterminated_event: 0,
  }
  const NO_ENDS = { completed: 0, broken: 0, cancelled: 0, abandoned: 0, handed_off: 0 }

  it(
    'count exactly, with the streams in flight, and have their series at 0 before the first failure',
    async () => {
      const { metrics, metricsMidStream, units } = await replay({
        major,
        reads: [...HELLO.slice(0, -1), USAGE, DONE],
        collectAfter: 3,
        // Otherwise the first stream of a process may record something before its end.
        options: { chunkTiming: 'off' },
      })
      const soFar = Buffer.byteLength(HELLO.slice(0, 3).join(''))
      expect({
        chunks: values(metricsMidStream, METRIC.CHUNKS),
        reads: values(metricsMidStream, METRIC.READS),
        io: values(metricsMidStream, METRIC.IO),
        active: values(metricsMidStream, METRIC.ACTIVE),
        ended: values(metricsMidStream, METRIC.ENDED),
        parseErrors: values(metricsMidStream, METRIC.PARSE_ERRORS),
      }).toEqual({
        chunks: { output: 2, lifecycle: 1, usage: 0, error: 0 },
        reads: { '': 3 },
        io: { '': soFar },
        active: { '': 1 },
        ended: NO_ENDS,
        parseErrors: NO_PARSE_ERRORS,
      })
      expect({
        chunks: values(metrics, METRIC.CHUNKS),
        reads: values(metrics, METRIC.READS),
        active: values(metrics, METRIC.ACTIVE),
        ended: values(metrics, METRIC.ENDED),
        parseErrors: values(metrics, METRIC.PARSE_ERRORS),
        faults: values(metrics, METRIC.FAULTS),
      }).toEqual({
        chunks: { output: 3, lifecycle: 2, usage: 1, error: 0 },
        reads: { '': 7 },
        active: { '': 0 },
        ended: { ...NO_ENDS, completed: 1 },
        parseErrors: NO_PARSE_ERRORS,
        faults: {},
      })
      expect(units).toMatchObject({
        [METRIC.CHUNKS]: '{chunk}',
        [METRIC.READS]: '{read}',
        [METRIC.IO]: 'By',
        [METRIC.ENDED]: '{stream}',
        [METRIC.PARSE_ERRORS]: '{error}',
        [METRIC.ACTIVE]: '{stream}',
        [METRIC.MAX_GAP]: 's',
        [GEN_AI_METRIC.DURATION]: 's',
        [GEN_AI_METRIC.INPUT_TOKENS]: '{token}',
      })
    },
    LIMIT_MS,
  )

  it(
    'count a fault by type and cause, a cut event as a parse error, and a reset in mid-event as one of its own type',
    async () => {
      const cut = await replay({ major, reads: BROKEN, times: 3 })
      expect(values(cut.metrics, METRIC.FAULTS)).toEqual({ 'truncated_event|provider_truncation': 3 })
      expect(values(cut.metrics, METRIC.PARSE_ERRORS)).toEqual({ ...NO_PARSE_ERRORS, truncated_event: 3 })
      expect(values(cut.metrics, METRIC.ENDED)).toEqual({ ...NO_ENDS, broken: 3 })
      const reset = await replay({ major, reads: BROKEN, end: 'reset' })
      expect(values(reset.metrics, METRIC.PARSE_ERRORS)).toEqual({ ...NO_PARSE_ERRORS, connection_reset: 1 })
      const between = await replay({ major, reads: BROKEN.slice(0, 2), end: 'reset' })
      expect(values(between.metrics, METRIC.PARSE_ERRORS)).toEqual(NO_PARSE_ERRORS)
      expect(values(between.metrics, METRIC.FAULTS)).toEqual({ 'connection_reset|network': 1 })
    },
    LIMIT_MS,
  )

  it(
    'of the conventions are recorded once a request, and the times between chunks where they are asked for',
    async () => {
      const { metrics } = await replay({
        major,
        reads: [...HELLO.slice(0, -1), USAGE, DONE],
        options: { chunkTiming: 'all' },
      })
      const counts = Object.fromEntries(
        Object.entries(metrics)
          .filter(([name]) => name.startsWith('gen_ai.'))
          .map(([name, points]) => [name, points.map(({ value }) => countOf(value))]),
      )
      expect(counts).toEqual({
        [GEN_AI_METRIC.DURATION]: [1],
        [GEN_AI_METRIC.TIME_TO_FIRST_CHUNK]: [1],
        [GEN_AI_METRIC.TIME_PER_OUTPUT_CHUNK]: [2],
        [GEN_AI_METRIC.INPUT_TOKENS]: [1],
        [GEN_AI_METRIC.OUTPUT_TOKENS]: [1],
        [GEN_AI_METRIC.USAGE_INPUT_TOKENS]: [11],
        [GEN_AI_METRIC.USAGE_OUTPUT_TOKENS]: [5],
        [GEN_AI_METRIC.USAGE_CACHE_READ_INPUT_TOKENS]: [3],
        [GEN_AI_METRIC.USAGE_REASONING_OUTPUT_TOKENS]: [2],
      })
    },
    LIMIT_MS,
  )

  it.each([
    ['off', 12, undefined],
    ['sampled', 12, 4],
    ['all', 12, 24],
  ] as const)(
    "record the times between chunks of the streams that '%s' says",
    async (chunkTiming, times, count) => {
      const { metrics } = await replay({ major, reads: HELLO, times, options: { chunkTiming } })
      expect(countOf(metrics[GEN_AI_METRIC.TIME_PER_OUTPUT_CHUNK]?.[0]?.value)).toBe(count)
    },
    LIMIT_MS,
  )

  it.each([
    ['latest', GEN_AI_METRIC.DURATION, GEN_AI_METRIC.V1_41_DURATION],
    ['v1.41', GEN_AI_METRIC.V1_41_DURATION, GEN_AI_METRIC.DURATION],
  ] as const)(
    "have the names of '%s' and no others",
    async (semconv, present, absent) => {
      const { metrics } = await replay({ major, reads: [...HELLO.slice(0, -1), USAGE, DONE], options: { semconv } })
      expect(Object.keys(metrics)).toContain(present)
      expect(Object.keys(metrics)).not.toContain(absent)
      const tokens = Object.keys(metrics).filter((name) => name.includes('token'))
      if (semconv === 'v1.41') {
        expect(tokens).toEqual([GEN_AI_METRIC.V1_41_TOKEN_USAGE])
        expect(Object.keys(values(metrics, GEN_AI_METRIC.V1_41_TOKEN_USAGE)).toSorted()).toEqual(['input', 'output'])
      } else expect(tokens).not.toContain(GEN_AI_METRIC.V1_41_TOKEN_USAGE)
    },
    LIMIT_MS,
  )

  it(
    "have both names with 'dup'",
    async () => {
      const { metrics } = await replay({
        major,
        reads: [...HELLO.slice(0, -1), USAGE, DONE],
        options: { semconv: 'dup', chunkTiming: 'all' },
      })
      const wanted = Object.values(GEN_AI_METRIC)
      expect(
        Object.keys(metrics)
          .filter((name) => name.startsWith('gen_ai.'))
          .toSorted(),
      ).toEqual(wanted.toSorted())
    },
    LIMIT_MS,
  )
})

function countOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'count' in value ? value.count : value
}
