import { describe, expect, it } from '@jest/globals'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import { chunk, DONE, HEALTHY, play, type Play } from './play.ts'

const error = (code: string): Error =>
  Object.assign(new TypeError('terminated'), { cause: Object.assign(new Error('x'), { code }) })
/** As undici 7 makes them. */
const parserError = (message: string): Error =>
  Object.assign(new TypeError('terminated'), {
    cause: Object.assign(new Error(message), { name: 'HTTPParserError', code: undefined }),
  })
const SYNTAX_ERROR = { kind: 'threw', error: { names: ['SyntaxError'], codes: [] } } as const
const hello = chunk({ content: 'Hello' })
const finish = chunk({}, 'stop')
const event = (type: string, extra: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...extra })}\n\n`
const created = event('response.created', {
  sequence_number: 0,
  response: { id: 'r1', model: 'm', status: 'in_progress' },
})
const delta = event('response.output_text.delta', { sequence_number: 1, delta: 'Hello' })

/** An error status, and what its page is. */
const refused = (status: number, contentType?: string): Play => ({
  response: { status, contentType },
  ending: { kind: 'request_failed', error: { names: ['APIError'], codes: [], status } },
})

type Row = readonly [name: string, body: string, options: Play, expected: string]

describe('a stream that is whole is completed', () => {
  it.each<Row>([
    ['a plain answer', HEALTHY, {}, 'terminator'],
    ['an answer with comments', `: keepalive\n\n${HEALTHY}`, {}, 'terminator'],
    ['CRLF line ends', HEALTHY.replaceAll('\n', '\r\n'), {}, 'terminator'],
    ['CR line ends', HEALTHY.replaceAll('\n', '\r'), {}, 'terminator'],
    ['no space after the colon', HEALTHY.replaceAll('data: ', 'data:'), {}, 'terminator'],
    ['a byte order mark', `\uFEFF${HEALTHY}`, {}, 'terminator'],
    ['ids and retry times', HEALTHY.replaceAll('data: ', 'id: 7\nretry: 10\ndata: '), {}, 'terminator'],
    [
      'JSON over two data lines',
      'data: {"choices":[{"index":0,\ndata: "finish_reason":"stop"}]}\n\n' + DONE,
      {},
      'terminator',
    ],
    ['[DONE] without its blank line', hello + 'data: [DONE]', {}, 'terminator'],
    ['[DONE] without any finish reason', hello + DONE, {}, 'terminator'],
    ['finish reasons without [DONE]', hello + finish, {}, 'eof'],
    ['a finish reason, then [DONE] cut in the middle', hello + finish + 'data: [DO', {}, 'eof'],
    ['a finish reason that turns null again', finish + hello, {}, 'eof'],
    ['JSON-labelled SSE', HEALTHY, { response: { contentType: 'application/json' } }, 'terminator'],
    [
      'response.completed without [DONE]',
      created + delta + event('response.completed'),
      { api: 'responses' },
      'terminator',
    ],
    ['response.incomplete', created + delta + event('response.incomplete'), { api: 'responses' }, 'terminator'],
    ['response.done', created + delta + event('response.done'), { api: 'responses' }, 'terminator'],
    ['an image', event('image_generation.partial_image') + event('image_generation.completed'), {}, 'terminator'],
    ['a transcription', event('transcript.text.delta') + event('transcript.text.done'), {}, 'terminator'],
    ['speech', event('speech.audio.delta') + event('speech.audio.done'), {}, 'terminator'],
    ['response.completed without its blank line', created + 'data: {"type":"response.completed"}', {}, 'terminator'],
    ['`error: 0`, which no SDK takes for an error', `data: {"error":0}\n\n${HEALTHY}`, {}, 'terminator'],
    ['two choices, finished in turn', hello + finish + chunk({}, 'stop', 1), { choices: 2 }, 'eof'],
    ['nothing at the end, in a dialect without terminators', hello, { terminator: 'optional' }, 'eof'],
  ])('%s', (_, body, options, end) => {
    expect(play(body, options)).toMatchObject({ outcome: 'completed', end, fault: undefined, parseErrors: 0 })
  })
})

describe('a stream that broke has the code of what was observed', () => {
  it.each<Row>([
    ['an error object', hello + 'data: {"error":{"code":"overloaded"}}\n\n', {}, 'upstream_error'],
    [
      'an error object after the finish reason, with [DONE]',
      finish + 'data: {"error":{"code":400}}\n\n' + DONE,
      {},
      'upstream_error',
    ],
    ['an error event', hello + 'event: error\ndata: {"message":"boom"}\n\n', {}, 'upstream_error'],
    ['a typed error', created + event('error', { code: 'server_error' }), {}, 'upstream_error'],
    ['object: error', 'data: {"object":"error","message":"no"}\n\n', {}, 'upstream_error'],
    [
      'response.failed',
      created + event('response.failed', { response: { error: { code: 'x' } } }),
      {},
      'upstream_error',
    ],
    ['a failed run of an assistant', 'event: thread.run.failed\ndata: {"id":"run_1"}\n\n', {}, 'upstream_error'],
    ['an HTML page', '<html><body>502</body></html>', { response: { contentType: 'text/html' } }, 'not_event_stream'],
    ['a JSON answer', '{"choices":[]}', { response: { contentType: 'application/json' } }, 'not_event_stream'],
    ['no bytes', '', {}, 'empty_stream'],
    ['only comments', ': ping\n\n: ping\n\n', {}, 'empty_stream'],
    ['only [DONE]', DONE, {}, 'empty_stream'],
    ['a reset', hello + 'data: {"cho', { bodyError: error('ECONNRESET') }, 'connection_reset'],
    ['a reset before the first event', '', { bodyError: error('ECONNRESET') }, 'connection_reset'],
    ['a socket closed by the other side', hello, { bodyError: error('UND_ERR_SOCKET') }, 'premature_close'],
    ['a parser that was cut short by a close', hello, { bodyError: error('HPE_INVALID_EOF_STATE') }, 'premature_close'],
    ['an error without a code', hello, { bodyError: new Error('boom') }, 'premature_close'],
    [
      'a body that ends too early after `Connection: close`',
      hello,
      { bodyError: parserError('Response does not match the HTTP/1.1 protocol (Invalid EOF state)') },
      'premature_close',
    ],
    [
      'bad chunk framing, with no code',
      hello,
      { bodyError: parserError('Response does not match the HTTP/1.1 protocol (Invalid character in chunk size)') },
      'protocol_error',
    ],
    ['bad chunk framing', hello, { bodyError: error('HPE_INVALID_CHUNK_SIZE') }, 'protocol_error'],
    ['a broken gzip', hello, { bodyError: error('Z_DATA_ERROR') }, 'protocol_error'],
    ["undici's body timeout", hello, { bodyError: error('UND_ERR_BODY_TIMEOUT') }, 'body_timeout'],
    ['a reset after [DONE] that the app saw', HEALTHY, { bodyError: error('ECONNRESET') }, 'late_transport_error'],
    ['a reset after the finish reason', hello + finish, { bodyError: error('ECONNRESET') }, 'late_transport_error'],
    ['JSON cut by a blank line', hello + 'data: {"choices":[{"del\n\n' + DONE, {}, 'malformed_event'],
    ['data that is no JSON', hello + 'data: upstream failed\n\n', {}, 'malformed_event'],
    ['an event without data', hello + 'event: ping\n\n' + DONE, {}, 'empty_event'],
    ['empty data', hello + 'data:\n\n' + DONE, {}, 'empty_event'],
    ['an end inside an event', hello + 'data: {"choices":[{"ind', {}, 'truncated_event'],
    ['an end inside a field name', hello + 'dat', {}, 'truncated_event'],
    ['a whole last event without its blank line', hello + chunk({ content: 'x' }).trimEnd(), {}, 'unterminated_event'],
    ['an end between events', hello, {}, 'missing_terminator'],
    ['one of two choices unfinished', hello + chunk({}, 'stop', 1), {}, 'missing_terminator'],
    ['the second of two choices never came', hello + finish, { choices: 2 }, 'missing_terminator'],
    [
      'a timer of a fetch of the application',
      hello,
      { bodyError: new DOMException('', 'TimeoutError') },
      'body_timeout',
    ],
    ['[DONE] that the reader failed on', hello + DONE, { ending: SYNTAX_ERROR }, 'malformed_event'],
    ['an empty finish reason', chunk({ content: 'x' }, ''), {}, 'missing_terminator'],
    [
      'Responses with [DONE] instead of its own end',
      created + delta + DONE,
      { api: 'responses' },
      'missing_terminator',
    ],
    [
      'an event stream that is an HTML page in the middle',
      `${hello}<html>\n<b>502</b>\n</html>\n`,
      {},
      'missing_terminator',
    ],
  ])('%s', (_, body, options, code) => {
    const report = play(body, options)
    expect(report).toMatchObject({ outcome: 'broken', fault: { code } })
    expect(report.fault?.remedy).not.toBe('')
  })
})

describe('a request without a stream', () => {
  it.each([
    ['an error status', { status: 429 }, '429'],
    ['a refused connection', { cause: { code: 'ECONNREFUSED' } }, 'connection_failed'],
    ["the SDK's own timeout", { name: 'APIConnectionTimeoutError' }, 'headers_timeout'],
    ["undici's headers timeout", { cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } }, 'headers_timeout'],
    [
      'a connection that took too long',
      { name: 'APIConnectionTimeoutError', cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } },
      'connection_failed',
    ],
  ])('%s has its code', (_, thrown, code) => {
    const ending = { kind: 'request_failed', error: { names: [], codes: [], ...facts(thrown) } } as const
    expect(play('', { ending })).toMatchObject({ outcome: 'broken', fault: { code } })
  })
})

function facts(thrown: {
  readonly name?: string
  readonly status?: number
  readonly cause?: { readonly code: string }
}): object {
  return {
    names: thrown.name === undefined ? [] : [thrown.name],
    codes: thrown.cause === undefined ? [] : [thrown.cause.code],
    status: thrown.status,
  }
}

describe('the cause rests on what was seen', () => {
  const page = `${hello}<html>\n<b>502 Bad Gateway</b>\n</html>\n`
  it.each<readonly [string, string, Play, string, string]>([
    ['an HTML page after the last event', page, {}, 'proxy_error_page', 'likely'],
    ['a line that says error', `${hello}error: {"code":500}\n\n`, {}, 'provider_error', 'likely'],
    ['nothing after the last event', hello, {}, 'provider_truncation', 'guess'],
    [
      'an HTML page instead of the stream',
      '<html>',
      { response: { contentType: 'text/html' } },
      'proxy_error_page',
      'likely',
    ],
    [
      'a host that does not resolve',
      '',
      { ending: { kind: 'request_failed', error: { names: [], codes: ['ENOTFOUND'] } } },
      'wrong_endpoint',
      'likely',
    ],
    [
      'a whole response that says it has no error',
      '{"id":"r1","object":"response","error":null,"output":[]}',
      { response: { contentType: 'application/json' } },
      'wrong_endpoint',
      'likely',
    ],
    ['a status with an HTML page', '', refused(413, 'text/html; charset=utf-8'), 'proxy_error_page', 'likely'],
    ['an HTML page where nobody looked for one', '', refused(404, 'text/html'), 'wrong_endpoint', 'likely'],
    ['a status with a JSON error', '', refused(413, 'application/json'), 'provider_error', 'likely'],
    ['a gateway status and no page', '', refused(502), 'proxy_error_page', 'guess'],
    ['an error of the server', `${hello}data: {"error":{}}\n\n`, {}, 'provider_error', 'likely'],
    ["undici's own timer", hello, { bodyError: error('UND_ERR_BODY_TIMEOUT') }, 'client_http_timeout', 'certain'],
  ])('%s', (_, body, options, cause, confidence) => {
    expect(play(body, options).fault).toMatchObject({ cause, confidence })
  })

  it('and what follows the last event is the chunk that is shown', () => {
    expect(new TextDecoder().decode(play(page).fault?.chunk?.bytes)).toMatch(/^<html>/)
  })
})

describe('what the consumer ends is no fault', () => {
  it.each([
    ['consumer_break', 'cancelled'],
    ['consumer_throw', 'cancelled'],
    ['consumer_abort', 'cancelled'],
    ['collected', 'abandoned'],
    ['handed_off', 'handed_off'],
  ] as const)('%s in the middle of an event is %s', (kind, outcome) => {
    expect(play(`${hello}data: {"cho`, { ending: { kind } })).toMatchObject({
      outcome,
      end: kind,
      fault: undefined,
      parseErrors: 0,
    })
  })

  it('but its own timeout is', () => {
    const report = play(hello, { ending: { kind: 'consumer_timeout' } })
    expect(report).toMatchObject({
      outcome: 'broken',
      end: 'consumer_timeout',
      fault: { code: 'client_timeout', cause: 'client_timeout' },
    })
  })

  it('and an answer that was whole when it left is completed', () => {
    expect(play(hello + finish, { ending: { kind: 'consumer_break' } })).toMatchObject({
      outcome: 'completed',
      anomalies: [],
    })
  })
})

describe('an event cut by whatever ended the stream is a parse error of its code', () => {
  it.each([
    ['a reset inside an event', `${hello}data: {"cho`, error('ECONNRESET'), 'connection_reset', 1],
    ['a reset between two events', hello, error('ECONNRESET'), 'connection_reset', 0],
    ['a clean end inside an event', `${hello}data: {"cho`, undefined, 'truncated_event', 1],
    ['a clean end between two events', hello, undefined, 'missing_terminator', 0],
    ['no stream at all', '', undefined, 'empty_stream', 0],
  ])('%s', (_, body, bodyError, code, parseErrors) => {
    expect(play(body, { bodyError })).toMatchObject({ fault: { code }, parseErrors })
  })
})

describe('a reader that was handed the whole last event', () => {
  const last = chunk({}, 'stop').trimEnd()
  const read = (isDelivered: boolean): ReturnType<typeof play> => {
    const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer' }, 0)
    monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
    monitor.pull(0)
    monitor.read(new TextEncoder().encode(hello + last), 1)
    monitor.payload(JSON.parse(hello.slice(6)))
    monitor.pull(1)
    monitor.eof(2)
    if (isDelivered) monitor.payload(JSON.parse(last.slice(6)))
    return monitor.finish({ kind: 'done' }, 3)
  }

  it('has lost nothing', () => {
    expect(read(true)).toMatchObject({ outcome: 'completed', finishReasons: ['stop'] })
  })

  it('and one that was not, has', () => {
    expect(read(false)).toMatchObject({ outcome: 'broken', fault: { code: 'unterminated_event' } })
  })

  it('that failed before the first byte had its body taken away', () => {
    const monitor = new StreamMonitor({ decode: 'consumer' }, 0)
    monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
    const report = monitor.finish({ kind: 'threw', error: { names: ['TypeError'], codes: ['ERR_INVALID_STATE'] } }, 1)
    expect(report).toMatchObject({ outcome: 'handed_off', end: 'handed_off', fault: undefined })
  })
})

it('an answer of which openai 4 lost the event after a byte order mark has its [DONE] all the same', () => {
  const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer' }, 0)
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
  for (const [index, text] of [`\uFEFF${hello}`, hello, finish, DONE].entries()) {
    monitor.pull(index)
    monitor.read(new TextEncoder().encode(text), index)
    const value: unknown = index === 1 || index === 2 ? JSON.parse(text.slice('data: '.length)) : undefined
    if (value !== undefined) monitor.payload(value)
  }
  monitor.eof(4)
  const report = monitor.finish({ kind: 'done' }, 4)
  expect(report).toMatchObject({ outcome: 'completed', end: 'terminator' })
  expect(report.anomalies.map(({ type }) => type)).toEqual(['bom'])
})

describe('arrival', () => {
  const body = Array.from({ length: 40 }, () => hello).join('') + finish + DONE
  const arrive = (headersMs: number, firstPullMs: number, firstByteMs: number): readonly string[] => {
    const monitor = new StreamMonitor({ decode: 'consumer' }, 0)
    monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, headersMs)
    monitor.pull(firstPullMs)
    monitor.read(new TextEncoder().encode(body), firstByteMs)
    monitor.eof(firstByteMs)
    return monitor.finish({ kind: 'done' }, firstByteMs).anomalies.map(({ type }) => type)
  }

  it.each([
    ['late and at once is buffered', [20, 20, 1500], ['buffered']],
    ['at once and in time is not', [20, 20, 120], []],
    ['at once for a consumer that began late is not', [20, 1500, 1501], []],
  ] as const)('%s', (_, [headersMs, firstPullMs, firstByteMs], expected) => {
    expect(arrive(headersMs, firstPullMs, firstByteMs).filter((type) => type === 'buffered')).toEqual(expected)
  })
})

describe('pieces of tool calls', () => {
  const piece = (call: object): string => chunk({ tool_calls: [call] })
  it.each([
    [
      'without an index go on with the last call',
      [
        { id: 'a', function: { arguments: '{"a"' } },
        { id: '', function: { arguments: ':1}' } },
      ],
      [],
    ],
    [
      'of two calls are told apart by their index',
      [
        { index: 0, function: { arguments: '{' } },
        { index: 1, function: { arguments: '{}' } },
        { index: 0, function: { arguments: '}' } },
      ],
      [],
    ],
    [
      'that stop before their end are incomplete',
      [{ index: 0, function: { arguments: '{"a":"x' } }],
      ['incomplete_tool_arguments'],
    ],
    ['may be null', [{ index: 0, function: { arguments: null } }], []],
  ])('%s', (_, calls, expected) => {
    const body = calls.map(piece).join('') + chunk({}, 'tool_calls') + DONE
    expect(play(body).anomalies.map(({ type }) => type)).toEqual(expected)
  })
})
