import { describe, expect, it } from '@jest/globals'
import { chunk, DONE, HEALTHY, play } from './play.ts'

const PAGE = '<!doctype html>\n<html><head><title>Sign in</title></head></html>\n'
const LONG_PAGE = PAGE + `<p>${'x'.repeat(40_000)}</p>`
const ANSWER = JSON.stringify({
  id: 'c1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { content: 'Hi' } }],
})
const LONG_ANSWER = ANSWER.replace('Hi', 'Hi '.repeat(20_000))
const NDJSON = '{"message":{"content":"Hel"},"done":false}\n{"message":{"content":"lo"},"done":true}\n'
const ERROR = '{"error":{"message":"quota","code":"insufficient_quota"}}'
const LONG_ERROR = `{"error":{"message":"${'x'.repeat(40_000)}"}}`

type Row = readonly [
  name: string,
  body: string,
  contentType: string | undefined,
  code: string,
  cause: string,
  confidence: string,
]

describe('a body without events is told by its media type and its first bytes', () => {
  it.each<Row>([
    ['an HTML page', PAGE, 'text/html', 'not_event_stream', 'proxy_error_page', 'likely'],
    ['an HTML page with a charset', PAGE, 'text/html; charset=utf-8', 'not_event_stream', 'proxy_error_page', 'likely'],
    ['an HTML page of no media type', PAGE, undefined, 'not_event_stream', 'proxy_error_page', 'likely'],
    [
      'an HTML page that calls itself an event stream',
      PAGE,
      'text/event-stream',
      'empty_stream',
      'proxy_error_page',
      'likely',
    ],
    ['an HTML page too long to be held', LONG_PAGE, 'text/html', 'not_event_stream', 'proxy_error_page', 'likely'],
    [
      'an HTML page after a byte order mark',
      `\uFEFF${PAGE}`,
      'text/html',
      'not_event_stream',
      'proxy_error_page',
      'likely',
    ],
    ['an answer that is not streamed', ANSWER, 'application/json', 'not_event_stream', 'wrong_endpoint', 'likely'],
    [
      'a long answer that is not streamed',
      LONG_ANSWER,
      'application/json',
      'not_event_stream',
      'wrong_endpoint',
      'likely',
    ],
    ['a JSON error', ERROR, 'application/json', 'not_event_stream', 'provider_error', 'likely'],
    ['a JSON error of no media type', ERROR, undefined, 'not_event_stream', 'provider_error', 'likely'],
    [
      'a JSON error that calls itself an event stream',
      ERROR,
      'text/event-stream',
      'empty_stream',
      'provider_error',
      'likely',
    ],
    [
      'a JSON error too long to be held',
      LONG_ERROR,
      'application/json',
      'not_event_stream',
      'provider_error',
      'likely',
    ],
    [
      'a problem document',
      '{"detail":"Not Found"}',
      'application/problem+json',
      'not_event_stream',
      'provider_error',
      'likely',
    ],
    ['an error in a list', `[${ERROR}]`, 'application/json', 'not_event_stream', 'provider_error', 'likely'],
    ['a list', '[1,2]', 'application/json', 'not_event_stream', 'wrong_endpoint', 'likely'],
    ['a document per line', NDJSON, 'application/x-ndjson', 'not_event_stream', 'wrong_endpoint', 'likely'],
    ['text', 'upstream connect error', 'text/plain', 'not_event_stream', 'wrong_endpoint', 'guess'],
    ['text of no media type', 'upstream connect error', undefined, 'empty_stream', 'provider_truncation', 'guess'],
    [
      'comments of an event stream',
      ': ping\n\n',
      'TEXT/Event-Stream;charset=UTF-8',
      'empty_stream',
      'provider_truncation',
      'guess',
    ],
    [
      'comments under a media type that came twice',
      ': ping\n\n',
      'text/event-stream, text/event-stream',
      'empty_stream',
      'provider_truncation',
      'guess',
    ],
    [
      'comments under a type that only begins alike',
      ': ping\n\n',
      'text/event-stream-2',
      'not_event_stream',
      'wrong_endpoint',
      'guess',
    ],
    ['nothing, under another media type', '', 'application/json', 'empty_stream', 'provider_truncation', 'guess'],
  ])('%s', (_, body, contentType, code, cause, confidence) => {
    // As in an application: nobody decodes here, and no more is held than there.
    const options = { response: { contentType }, decode: 'consumer' } as const
    expect(play(body, options).fault).toMatchObject({ code, cause, confidence })
    // However it comes: the first bytes one by one, and of a long body the last read does not hold it all.
    const cuts = Array.from({ length: 300 }, (__, index) => (index < 280 ? index : (index - 279) * 4000))
    expect(play(body, { ...options, cuts }).fault).toMatchObject({ code, cause, confidence })
  })

  it('a document per line says so', () => {
    expect(play(NDJSON, { response: { contentType: 'application/json' } }).fault?.evidence).toContain('NDJSON')
  })

  it.each(['text/plain', 'application/json', 'application/octet-stream', undefined])(
    'events under %s are a stream',
    (contentType) => {
      expect(play(HEALTHY, { response: { contentType } })).toMatchObject({ outcome: 'completed', fault: undefined })
    },
  )
})

describe('an error status that comes as a page', () => {
  const failed = (status: number, contentType: string | undefined): object | undefined =>
    play('', {
      response: { status, contentType },
      ending: { kind: 'request_failed', error: { names: ['APIError'], codes: [], status } },
    }).fault
  it.each([
    [413, 'text/html', 'proxy_error_page', 'likely'],
    [502, 'text/html; charset=utf-8', 'proxy_error_page', 'likely'],
    [502, 'application/json', 'proxy_error_page', 'guess'],
    [413, 'application/json', 'provider_error', 'likely'],
    [500, undefined, 'provider_error', 'likely'],
    [404, 'text/html', 'wrong_endpoint', 'likely'],
  ])('status %i of type %s has the cause %s', (status, contentType, cause, confidence) => {
    expect(failed(status, contentType)).toMatchObject({ code: `${status}`, cause, confidence })
  })
})

describe('the finish reasons of an answer that broke', () => {
  const one = (index: number, reason: string | null): string => chunk({ content: 'x' }, reason, index)
  it.each<readonly [string, string, number, readonly string[]]>([
    ['of one choice that is open', one(0, null), 1, ['error']],
    ['of one choice that never came', '', 1, ['error']],
    ['of two choices, the second never seen', one(0, 'stop'), 2, ['stop', 'error']],
    ['of three choices, the first never seen', one(1, 'length'), 3, ['error', 'length', 'error']],
    ['of two choices, both open', one(0, null) + one(1, null), 2, ['error', 'error']],
    ['of two choices, none ever seen', '', 2, ['error', 'error']],
    ['of more choices than were asked for', one(2, 'stop') + one(0, null), 2, ['error', 'error', 'stop']],
  ])('%s', (_, body, choices, expected) => {
    const report = play(`${body}data: {"cut`, { choices, api: 'chat' })
    expect(report).toMatchObject({ outcome: 'broken', finishReasons: expected })
  })

  it('are those that came where the answer is whole', () => {
    expect(play(one(0, 'stop') + one(1, 'length') + DONE, { choices: 2 }).finishReasons).toEqual(['stop', 'length'])
    expect(play(one(0, null) + DONE, { choices: 2 }).finishReasons).toEqual([])
  })
})
