import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { beforeEach, expect, it } from '@jest/globals'
import { reassemble, recoverStream, RECOVERY_METRIC, RECOVERY_SPAN, requireComplete } from '../src/index.ts'
import { setUpTelemetry } from './apps/telemetry.ts'
import { HALF, play, readText, REFUSED, request, WHOLE } from './play.ts'
import { chatEvent, DONE, scriptFetch } from './scripted-fetch.ts'
import { makeClient } from './apps/sdks.ts'

const telemetry = setUpTelemetry()
beforeEach(() => telemetry.reset())

it('each attempt is a span, with what was seen, what was done about it, and how long was waited', async () => {
  const { stream } = play([{ status: 429, headers: { 'retry-after': '2' } }, HALF, WHOLE], { afterDelivery: 'restart' })
  await readText(stream)
  // attempt 1 (429) -> wait 2.25 s -> attempt 2 (reset after one chunk) -> wait -> attempt 3 (whole)
  expect(
    telemetry.spans().map(({ name, kind, status, attributes }) => ({ name, kind, status: status.code, ...attributes })),
  ).toEqual([
    {
      name: RECOVERY_SPAN,
      kind: SpanKind.INTERNAL,
      status: SpanStatusCode.ERROR,
      'streamgauge.recovery.attempt.number': 1,
      'streamgauge.recovery.action': 'start',
      'streamgauge.recovery.delay': 0,
      'streamgauge.recovery.chunks': 0,
      'streamgauge.recovery.decision': 'restart',
      'streamgauge.stream.outcome': 'broken',
      'error.type': '429',
      'streamgauge.cause': 'provider_error',
      'streamgauge.cause.confidence': expect.any(String),
      'streamgauge.remedy': expect.stringContaining('429'),
    },
    expect.objectContaining({
      'streamgauge.recovery.attempt.number': 2,
      'streamgauge.recovery.action': 'restart',
      'streamgauge.recovery.delay': 2.25,
      'streamgauge.recovery.chunks': 1,
      'error.type': 'connection_reset',
    }),
    {
      name: RECOVERY_SPAN,
      kind: SpanKind.INTERNAL,
      status: SpanStatusCode.UNSET,
      'streamgauge.recovery.attempt.number': 3,
      'streamgauge.recovery.action': 'restart',
      'streamgauge.recovery.delay': expect.any(Number),
      'streamgauge.recovery.chunks': 4,
      'streamgauge.stream.outcome': 'completed',
    },
  ])
})

it('attempts are children of what was active when recoverStream was called', async () => {
  await trace.getTracer('test').startActiveSpan('app', async (span) => {
    const { stream } = play([REFUSED, WHOLE])
    await readText(stream)
    const parents = telemetry.spans().map(({ parentSpanContext }) => parentSpanContext?.spanId)
    expect(parents).toEqual([span.spanContext().spanId, span.spanContext().spanId])
  })
})

it('what was recovered and what was given up are counted', async () => {
  await readText(play([REFUSED, WHOLE]).stream)
  await readText(play([HALF]).stream)
  await readText(play([REFUSED], { maxAttempts: 2 }).stream)
  expect(await telemetry.added()).toEqual([
    {
      metric: RECOVERY_METRIC.RECOVERED,
      attributes: { 'error.type': 'connection_failed', 'streamgauge.recovery.action': 'restart' },
      value: 1,
    },
    {
      metric: RECOVERY_METRIC.GIVEN_UP,
      attributes: { 'error.type': 'connection_reset', 'streamgauge.recovery.reason': 'policy' },
      value: 1,
    },
    {
      metric: RECOVERY_METRIC.GIVEN_UP,
      attributes: { 'error.type': 'connection_failed', 'streamgauge.recovery.reason': 'max_attempts' },
      value: 1,
    },
  ])
})

it('repairs are counted by type, and told', async () => {
  const event = chatEvent({ content: 'whole' })
  const { fetch } = scriptFetch({ pieces: [`${event.slice(0, 20)}\n\n`, event.slice(20), chatEvent({}, 'stop'), DONE] })
  const told: string[] = []
  const client = await makeClient(7, 'http://test/v1', {
    fetch: reassemble(fetch, { onRepair: (type) => told.push(type) }),
  })
  const { text, error } = await readText(requireComplete(client.chat.completions.create(request)))
  expect({ text, error, told }).toEqual({ text: 'whole', error: undefined, told: ['split'] })
  expect(await telemetry.added()).toEqual([
    { metric: RECOVERY_METRIC.REPAIRED, attributes: { 'streamgauge.recovery.repair.type': 'split' }, value: 1 },
  ])
})

it.each<readonly [what: string, playing: () => AsyncIterable<unknown>, type: string]>([
  [
    'start',
    () =>
      recoverStream(() => {
        throw new TypeError('secret')
      }, {}),
    'TypeError',
  ],
  ['a start that gives no stream', () => recoverStream((() => ({ id: 'x' })) as never, {}), 'TypeError'],
  [
    'a stream of the program itself',
    () =>
      recoverStream(async function* () {
        yield {}
        throw new RangeError('secret')
      }, {}),
    'RangeError',
  ],
])(
  'an error of the program, in %s, is an error of the attempt, and no outcome of its stream',
  async (_, playing, type) => {
    await readText(playing())
    const [span, ...more] = telemetry.spans()
    expect(more).toEqual([])
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: type },
      attributes: { 'error.type': type },
    })
    expect(span?.attributes).not.toHaveProperty('streamgauge.stream.outcome')
    expect(await telemetry.added()).toEqual([])
  },
)

it('an attempt that somebody else has aborted is no error', async () => {
  const stream = recoverStream(() => Promise.reject(new DOMException('no', 'AbortError')), { request })
  await readText(stream)
  expect(telemetry.spans()).toMatchObject([
    { status: { code: SpanStatusCode.UNSET }, attributes: { 'streamgauge.stream.outcome': 'cancelled' } },
  ])
})

it('an attempt that the app has left is no error, and counts as nothing', async () => {
  const { stream } = play([WHOLE])
  for await (const _ of stream) break
  expect(telemetry.spans()).toMatchObject([
    { status: { code: SpanStatusCode.UNSET }, attributes: { 'streamgauge.stream.outcome': 'cancelled' } },
  ])
  expect(await telemetry.added()).toEqual([])
})
