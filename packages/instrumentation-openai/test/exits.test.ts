import { beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer } from '@streamgauge/fault-server'
import type { ExitResult } from './apps/exits.ts'
import { runApp } from './run-app.ts'

// Every way out of a stream or an answer ends its span, once, and with the right outcome; and the application sees of each
// what it sees without us.
const MAJORS = [4, 5, 6, 7] as const
type Major = (typeof MAJORS)[number]
type Runs = Readonly<Record<'bare' | 'watched', ReadonlyMap<string, ExitResult>>>

/** Outcome, end and `error.type` of a stream; for an answer, which has no outcome, only the last. */
type Expected = readonly [outcome?: string | undefined, end?: string | undefined, errorType?: string]

const COMPLETED: Expected = ['completed', 'terminator']
const BREAK: Expected = ['cancelled', 'consumer_break']
const ABORT: Expected = ['cancelled', 'consumer_abort']
const COLLECTED: Expected = ['abandoned', 'collected']
const HANDED_OFF: Expected = ['handed_off', 'handed_off']
const ANSWERED: Expected = []

const STREAMS: Readonly<Record<string, Expected | Readonly<Record<Major, Expected>>>> = {
  end: COMPLETED,
  responses: COMPLETED,
  completions: COMPLETED,
  break: BREAK,
  break_after_finish: ['completed', 'consumer_break'],
  throw_in_body: BREAK,
  // openai 7 wraps the iterator of chat into another generator, whose throw() is a return() below.
  iterator_throw: {
    4: ['cancelled', 'consumer_throw'],
    5: ['cancelled', 'consumer_throw'],
    6: ['cancelled', 'consumer_throw'],
    7: BREAK,
  },
  iterator_return: BREAK,
  controller_abort: ABORT,
  controller_abort_with_error: ABORT,
  controller_abort_before_iteration: { 4: COLLECTED, 5: ABORT, 6: ABORT, 7: ABORT },
  signal_abort: ABORT,
  signal_abort_with_error: ABORT,
  signal_abort_while_waiting: ABORT,
  signal_abort_before_request: ABORT,
  signal_abort_before_headers: ABORT,
  signal_timeout: ['broken', 'consumer_timeout', 'client_timeout'],
  signal_timeout_before_headers: ['broken', 'consumer_timeout', 'client_timeout'],
  sdk_timeout: ['broken', 'transport_error', 'headers_timeout'],
  reset: ['broken', 'transport_error', 'connection_reset'],
  malformed: ['broken', 'parse_error', 'malformed_event'],
  http_500: ['broken', 'http_error', '500'],
  reset_before_headers: ['broken', 'transport_error', 'connection_failed'],
  // openai 4 to 6 hand over what they have read all the same.
  controller_abort_in_one_read: { 4: COMPLETED, 5: COMPLETED, 6: COMPLETED, 7: ABORT },
  timeout_of_own_fetch: ['broken', 'transport_error', 'body_timeout'],
  undici_body_timeout: ['broken', 'transport_error', 'body_timeout'],
  // Its body cannot be observed: what its reader was handed says that the answer was whole.
  frozen_response: ['completed', 'eof'],
  body_taken_away: HANDED_OFF,
  as_response_with_timeout: HANDED_OFF,
  never_iterated_with_listener: COLLECTED,
  abort_after_end: COMPLETED,
  tee_both: COMPLETED,
  tee_one: COMPLETED,
  tee_one_breaks: COMPLETED,
  tee_none: COLLECTED,
  readable_to_end: COMPLETED,
  // openai 7 aborts its request before it closes the iterator.
  readable_cancelled: { 4: BREAK, 5: BREAK, 6: BREAK, 7: ABORT },
  with_response: COMPLETED,
  as_response: HANDED_OFF,
  as_response_and_stream: COMPLETED,
  never_iterated: COLLECTED,
  // A response that nobody asked for cannot be told from one that was handed over raw.
  never_awaited: HANDED_OFF,
  never_awaited_500: ['broken', 'http_error', '500'],
  iterated_twice: COMPLETED,
  iterated_twice_at_once: COMPLETED,
  awaited_twice: COMPLETED,
  next_dropped: COLLECTED,
  next_at_once: COMPLETED,
  next_rejects_unhandled: ['broken', 'parse_error', 'malformed_event'],
  helper_to_end: COMPLETED,
  helper_final: COMPLETED,
  helper_aborted: ABORT,
  helper_cut: ['broken', 'eof', 'missing_terminator'],
  helper_responses: COMPLETED,
  hostile_reason: ABORT,
}

const ANSWERS: Readonly<Record<string, Expected>> = {
  answer: ANSWERED,
  answer_responses: ANSWERED,
  answer_completions: ANSWERED,
  answer_500: [undefined, undefined, '500'],
  answer_reset: [undefined, undefined, 'connection_failed'],
  answer_reset_in_body: [undefined, undefined, 'connection_reset'],
  answer_not_json: [undefined, undefined, 'malformed_event'],
  answer_html: [undefined, undefined, 'malformed_event'],
  answer_aborted: ANSWERED,
  answer_timed_out: [undefined, undefined, 'client_timeout'],
  answer_never_awaited: ANSWERED,
  answer_raw: ANSWERED,
  answer_parse: ANSWERED,
  answer_parse_responses: ANSWERED,
  answer_with_response: ANSWERED,
  answer_read_twice: ANSWERED,
}

const runs = new Map<Major, Runs>()

beforeAll(async () => {
  const server = await startFaultServer()
  const run = async (major: Major, ...flags: string[]): Promise<ReadonlyMap<string, ExitResult>> => {
    const nodeOptions = ['--expose-gc']
    const { stdout, stderr, exitCode } = await runApp('exits.ts', [`${major}`, server.baseURL, ...flags], {
      nodeOptions,
    })
    // openai 4 has no log level, and says itself what it could not parse.
    const said = major === 4 ? stderr.replaceAll(/^Could not parse message .*\nFrom chunk: \[\n.*\n\]\n/gm, '') : stderr
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' })
    return new Map((JSON.parse(stdout) as ExitResult[]).map((result) => [result.name, result]))
  }
  try {
    for (const major of MAJORS) {
      const [bare, watched] = await Promise.all([run(major), run(major, 'watched')])
      runs.set(major, { bare, watched })
    }
  } finally {
    await server.close()
  }
}, 120_000)

function find(major: Major, name: string, run: keyof Runs): ExitResult {
  const found = runs.get(major)?.[run].get(name)
  if (found === undefined) throw new Error(`${name} was not played`)
  return found
}

function expectedOf(name: string, major: Major): Expected {
  const expected = STREAMS[name] ?? ANSWERS[name] ?? ANSWERED
  return isExpected(expected) ? expected : expected[major]
}

function isExpected(expected: Expected | Readonly<Record<Major, Expected>>): expected is Expected {
  return Array.isArray(expected)
}

const NAMES = [...Object.keys(STREAMS), ...Object.keys(ANSWERS)]
const cases = MAJORS.flatMap((major) => NAMES.map((name) => [`openai ${major}: ${name}`, major, name] as const))

describe('every way out ends exactly one span, with the outcome it had', () => {
  it.each(cases)('%s', (_, major, name) => {
    const { told } = find(major, name, 'watched')
    const [outcome, end, errorType] = expectedOf(name, major)
    const requests = told?.spans.filter((span) => span.name !== 'streamgauge.chunk') ?? []
    expect({ started: told?.started, ended: told?.ended, spans: requests.length }).toEqual({
      started: 1,
      ended: 1,
      spans: 1,
    })
    const { attributes = {}, status } = requests[0] ?? {}
    expect({
      outcome: attributes[ATTR.OUTCOME],
      end: attributes[ATTR.END],
      errorType: attributes[GEN_AI.ERROR_TYPE],
      status,
    }).toEqual({ outcome, end, errorType, status: errorType === undefined ? 0 : 2 })
  })
})

describe('every stream is counted as open while it is, and as ended once', () => {
  it.each(cases)('%s', (_, major, name) => {
    const { told } = find(major, name, 'watched')
    const [outcome] = expectedOf(name, major)
    expect({ active: told?.active, outcomes: told?.outcomes }).toEqual({
      active: 0,
      outcomes: outcome === undefined ? {} : { [outcome]: 1 },
    })
  })
})

describe('the application sees, and leaves behind, what it does without us', () => {
  it.each(cases)('%s', (_, major, name) => {
    const { told: _told, ...watched } = find(major, name, 'watched')
    expect(watched).toEqual(find(major, name, 'bare'))
  })
})

describe.each(MAJORS)('openai %i', (major) => {
  it('every way out that is played is expected', () => {
    expect([...(runs.get(major)?.watched.keys() ?? [])].toSorted()).toEqual([...NAMES, 'models'].toSorted())
  })

  it('a request that runs no model gives no span', () => {
    expect(find(major, 'models', 'watched')).toMatchObject({ seen: true, told: { started: 0, spans: [] } })
  })

  it.each(['answer', 'answer_responses', 'answer_parse', 'answer_parse_responses', 'answer_with_response'])(
    'an answer that is not streamed tells its id, model, finish reason and tokens: %s',
    (name) => {
      const [span] = find(major, name, 'watched').told?.spans ?? []
      expect(span?.attributes).toMatchObject({
        [GEN_AI.RESPONSE_ID]: expect.stringMatching(/^(chatcmpl-|resp_)/),
        [GEN_AI.RESPONSE_MODEL]: 'healthy:plain',
        [GEN_AI.RESPONSE_FINISH_REASONS]: ['stop'],
        [GEN_AI.USAGE_INPUT_TOKENS]: 12,
        [GEN_AI.USAGE_OUTPUT_TOKENS]: expect.any(Number),
      })
      expect(span?.attributes).not.toHaveProperty([GEN_AI.REQUEST_STREAM])
      expect(Object.keys(span?.attributes ?? {}).filter((key) => key.startsWith('streamgauge.'))).toEqual([])
    },
  )
})
