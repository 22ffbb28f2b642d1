import { describe, expect, it } from '@jest/globals'
import { ATTR, EVENT, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import type { Replayed } from './apps/replay.ts'
import {
  BROKEN,
  chatEvent,
  COMMON,
  CUT,
  DONE,
  HELLO,
  MAJORS,
  replay,
  requestSpan,
  sse,
  USAGE,
  values,
} from './replay.ts'
import { PACKAGE_NAME, PACKAGE_VERSION } from '../src/package-info.ts'

const LIMIT_MS = 60_000
const CLIENT = 2
const INTERNAL = 0
const ERROR = 2
const UNSET = 0

describe.each(MAJORS)('openai %i: the span of a request', (major) => {
  it(
    'of a whole stream has the attributes of the conventions and ours, and no others',
    async () => {
      const reads = [...HELLO.slice(0, -1), USAGE, DONE]
      const request = {
        stream_options: { include_usage: true },
        temperature: 0.5,
        seed: 7,
        max_tokens: 9,
        n: 2,
        top_p: 1,
      }
      const headers = { 'transfer-encoding': 'chunked', via: '1.1 gateway', server: 'nginx' }
      const done = await replay({ major, reads, request, headers })
      const span = requestSpan(done)
      expect({ name: span.name, kind: span.kind, status: span.status, events: span.events }).toEqual({
        name: 'chat gpt-test',
        kind: CLIENT,
        status: { code: UNSET },
        events: [],
      })
      expect(span.scope).toEqual({ name: PACKAGE_NAME, version: PACKAGE_VERSION })
      expect(span.attributes).toEqual({
        ...COMMON,
        [GEN_AI.SERVER_PORT]: 8080,
        [GEN_AI.REQUEST_STREAM]: true,
        [GEN_AI.OPENAI_API_TYPE]: 'chat_completions',
        [GEN_AI.REQUEST_TEMPERATURE]: 0.5,
        [GEN_AI.REQUEST_SEED]: 7,
        [GEN_AI.REQUEST_MAX_TOKENS]: 9,
        [GEN_AI.REQUEST_TOP_P]: 1,
        [GEN_AI.REQUEST_CHOICE_COUNT]: 2,
        [GEN_AI.HTTP_RESPONSE_STATUS_CODE]: 200,
        [GEN_AI.RESPONSE_ID]: 'chatcmpl-7',
        [GEN_AI.RESPONSE_MODEL]: 'gpt-test-2026',
        [GEN_AI.OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: 'fp_1',
        [GEN_AI.OPENAI_RESPONSE_SERVICE_TIER]: 'default',
        [GEN_AI.RESPONSE_FINISH_REASONS]: ['stop'],
        [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: expect.any(Number),
        [GEN_AI.USAGE_INPUT_TOKENS]: 11,
        [GEN_AI.USAGE_OUTPUT_TOKENS]: 5,
        [GEN_AI.USAGE_CACHE_READ_INPUT_TOKENS]: 3,
        [GEN_AI.USAGE_REASONING_OUTPUT_TOKENS]: 2,
        [ATTR.OUTCOME]: 'completed',
        [ATTR.END]: 'terminator',
        [ATTR.READS]: reads.length,
        [ATTR.EVENTS]: reads.length - 1,
        [ATTR.BYTES]: Buffer.byteLength(reads.join('')),
        [ATTR.MAX_GAP]: expect.any(Number),
        [ATTR.CONSUMER_IDLE]: expect.any(Number),
        [ATTR.HTTP_FRAMING]: 'chunked',
        [ATTR.HTTP_CONTENT_TYPE]: 'text/event-stream',
        [ATTR.HTTP_VIA]: '1.1 gateway',
        [ATTR.HTTP_PROXIES]: ['nginx'],
      })
      expect(done.logs).toEqual([])
      expect(done.diag).toEqual([])
    },
    LIMIT_MS,
  )

  it(
    'of Responses tells the sequence number to resume from',
    async () => {
      const response = { id: 'resp_1', model: 'gpt-test-2026', status: 'in_progress' }
      const reads = [
        sse({ type: 'response.created', sequence_number: 0, response }, 'response.created'),
        sse({ type: 'response.output_text.delta', sequence_number: 1, delta: 'Hello' }, 'response.output_text.delta'),
      ]
      const span = requestSpan(await replay({ major, reads, api: 'responses' }))
      expect(span.name).toBe('chat gpt-test')
      expect(span.attributes).toMatchObject({
        [GEN_AI.OPENAI_API_TYPE]: 'responses',
        [GEN_AI.RESPONSE_ID]: 'resp_1',
        [GEN_AI.ERROR_TYPE]: 'missing_terminator',
        [GEN_AI.RESPONSE_FINISH_REASONS]: ['error'],
        [ATTR.LAST_SEQUENCE_NUMBER]: 1,
      })
    },
    LIMIT_MS,
  )

  it(
    'of a legacy completion is named text_completion',
    async () => {
      const reads = [sse({ id: 'cmpl-1', choices: [{ index: 0, text: 'Hi', finish_reason: 'stop' }] }), DONE]
      const span = requestSpan(await replay({ major, reads, api: 'completions' }))
      expect(span.name).toBe('text_completion gpt-test')
      expect(span.attributes).toMatchObject({ [ATTR.OUTCOME]: 'completed', [GEN_AI.RESPONSE_ID]: 'cmpl-1' })
    },
    LIMIT_MS,
  )

  it(
    "is a child of the application's, is the parent of what fetch does, and is not seen in the body of the loop",
    async () => {
      const done = await replay({ major, reads: HELLO, inSpan: true, options: { chunkSpans: 'all' } })
      const span = requestSpan(done)
      expect(span.parentSpanId).toBe(done.ownSpanId)
      expect(done.fetchSpanId).toBe(span.spanId)
      expect(new Set(done.loopSpanIds)).toEqual(new Set([done.ownSpanId]))
    },
    LIMIT_MS,
  )
})

describe.each(MAJORS)('openai %i: a fault', (major) => {
  it(
    'goes out alike on the span, on its event and in the log, which is in the trace of the span',
    async () => {
      const done = await replay({ major, reads: BROKEN, inSpan: true })
      const span = requestSpan(done)
      expect(span.status).toEqual({ code: ERROR, message: expect.stringContaining('.') })
      const [event] = span.events
      const [log] = done.logs
      expect(span.events.map(({ name }) => name)).toEqual([EVENT.FAULT])
      expect(done.logs).toHaveLength(1)
      expect(log).toMatchObject({
        eventName: EVENT.FAULT,
        severityNumber: 13,
        severityText: 'WARN',
        body: span.status.message,
        traceId: span.traceId,
        spanId: span.spanId,
      })
      expect(event?.attributes).toEqual({
        [GEN_AI.ERROR_TYPE]: 'truncated_event',
        [ATTR.CAUSE]: 'provider_truncation',
        [ATTR.CAUSE_CONFIDENCE]: 'guess',
        [ATTR.CAUSE_EVIDENCE]: expect.any(String),
        [ATTR.REMEDY]: expect.any(String),
        [ATTR.CHUNK_RAW]: expect.stringContaining('data: {"id":"chatcmpl-7"'),
        [ATTR.CHUNK_INDEX]: 2,
        [ATTR.CHUNK_OFFSET]: Buffer.byteLength(BROKEN.slice(0, 2).join('')),
        [ATTR.CHUNK_SIZE]: Buffer.byteLength(CUT),
        [ATTR.CHUNK_SHA256]: expect.stringMatching(/^[0-9a-f]{64}$/),
        [ATTR.CHUNK_TRUNCATED]: false,
        [ATTR.CHUNK_ENCODING]: 'utf-8',
        [ATTR.CHUNK_BREAK]: CUT.length,
      })
      expect(span.attributes).toMatchObject(event?.attributes ?? {})
      expect(log?.attributes).toMatchObject({ ...COMMON, ...event?.attributes })
      expect(event?.timeMs).toBeCloseTo(span.endMs, 3)
    },
    LIMIT_MS,
  )

  it(
    'whose log cannot be emitted still ends its span and its count, and the application is not affected',
    async () => {
      const done = await replay({ major, reads: BROKEN, failingLogs: true })
      const sound = await replay({ major, reads: BROKEN })
      expect({ chunks: done.chunks, thrown: done.thrown }).toEqual({ chunks: sound.chunks, thrown: sound.thrown })
      expect(requestSpan(done).attributes).toMatchObject({ [GEN_AI.ERROR_TYPE]: 'truncated_event' })
      expect(values(done.metrics, METRIC.ACTIVE)).toEqual({ '': 0 })
      expect(done.diag).toEqual([
        expect.stringContaining('the end of a stream failed; the application is not affected'),
      ])
    },
    LIMIT_MS,
  )

  it(
    'is no event of the span where the environment asks for logs only',
    async () => {
      const done = await replay({ major, reads: BROKEN }, { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs' })
      expect(requestSpan(done).events).toEqual([])
      expect(requestSpan(done).attributes).toHaveProperty([GEN_AI.ERROR_TYPE], 'truncated_event')
      expect(done.logs).toHaveLength(1)
    },
    LIMIT_MS,
  )

  it(
    'an anomaly is an event of the span, and changes neither outcome nor status',
    async () => {
      const done = await replay({ major, reads: HELLO.slice(0, -1) })
      const span = requestSpan(done)
      expect(span.status).toEqual({ code: UNSET })
      expect(span.attributes).toMatchObject({
        [ATTR.OUTCOME]: 'completed',
        [ATTR.END]: 'eof',
        [ATTR.ANOMALIES]: ['done_missing'],
      })
      expect(span.events).toMatchObject([{ name: EVENT.ANOMALY, attributes: { [ATTR.ANOMALY_TYPE]: 'done_missing' } }])
      expect(values(done.metrics, METRIC.ANOMALIES)).toEqual({ done_missing: 1 })
      expect(done.logs).toEqual([])
    },
    LIMIT_MS,
  )
})

describe.each(MAJORS)('openai %i: chunk spans', (major) => {
  const chunksOf = ({ spans }: Replayed) => spans.filter(({ name }) => name === EVENT.CHUNK_SPAN)

  it(
    'of a fault are its reads, as children that last as long as they were waited for',
    async () => {
      const done = await replay({ major, reads: BROKEN, pauseMs: 20 })
      const span = requestSpan(done)
      const chunks = chunksOf(done)
      let offset = 0
      const expected = BROKEN.map((read, index) => {
        const attributes = {
          [ATTR.CHUNK_INDEX]: index,
          [ATTR.CHUNK_OFFSET]: offset,
          [ATTR.CHUNK_SIZE]: Buffer.byteLength(read),
        }
        offset += Buffer.byteLength(read)
        return { kind: INTERNAL, parentSpanId: span.spanId, traceId: span.traceId, attributes }
      })
      expect(chunks).toMatchObject(expected)
      let endMs = span.startMs
      for (const chunk of chunks) {
        expect(chunk.startMs).toBeGreaterThanOrEqual(endMs)
        expect(chunk.endMs - chunk.startMs).toBeGreaterThanOrEqual(15)
        endMs = chunk.endMs
      }
      expect(span.endMs).toBeGreaterThanOrEqual(endMs)
    },
    LIMIT_MS,
  )

  it(
    'of a fault are the last 32',
    async () => {
      const many = Array.from({ length: 40 }, (_, index) => chatEvent({ content: `${index}` }))
      const done = await replay({ major, reads: [...many, CUT] })
      expect(chunksOf(done).map(({ attributes }) => attributes[ATTR.CHUNK_INDEX])).toEqual(
        Array.from({ length: 32 }, (_, index) => index + 9),
      )
      expect(requestSpan(done).attributes).not.toHaveProperty([ATTR.CHUNK_SPANS_DROPPED])
    },
    LIMIT_MS,
  )

  it.each([
    ['on_fault', HELLO, 0],
    ['all', HELLO, HELLO.length],
    ['all', BROKEN, BROKEN.length],
    ['off', BROKEN, 0],
  ] as const)(
    "with '%s' are as many as asked for: %#",
    async (chunkSpans, reads, count) => {
      expect(chunksOf(await replay({ major, reads, options: { chunkSpans } }))).toHaveLength(count)
    },
    LIMIT_MS,
  )

  it(
    'are no more than the maximum, and the span tells how many are missing',
    async () => {
      const done = await replay({ major, reads: HELLO, options: { chunkSpans: 'all', maxChunkSpans: 2 } })
      expect(chunksOf(done).map(({ attributes }) => attributes[ATTR.CHUNK_INDEX])).toEqual([
        HELLO.length - 2,
        HELLO.length - 1,
      ])
      expect(requestSpan(done).attributes).toHaveProperty([ATTR.CHUNK_SPANS_DROPPED], HELLO.length - 2)
    },
    LIMIT_MS,
  )
})
