import type { ErrorFacts, StreamApi } from '@streamgauge/core'
import { CliError } from '../cli-error.ts'
import { BAD_FRAMING, BODY_ENDS, STREAM_RESET } from './body-ends.ts'
import { ORDERLY_END, type BodyEnd, type Capture, type RequestFacts } from './capture.ts'
import { responseFactsOf, type HttpHead } from './http-head.ts'
import { listOf, numberOf, objectOf, parseJson, textOf, type JsonObject } from '../json-fields.ts'

/** Largest HAR that is read, in bytes: it is one JSON document, which has to be held whole. */
export const MAX_HAR_BYTES = 67_108_864

/** The event streams of a HAR, in its order. @throws CliError where it is none, or has none in it */
export function readHar(text: string, name: string): readonly Capture[] {
  const entries = objectOf(objectOf(parseJson(text.replace(/^\ufeff/, '')))['log'])['entries']
  if (!Array.isArray(entries))
    throw new CliError('input', `${name} looks like a HAR, but has no log.entries; export it again.`)
  const streams = entries.map(objectOf).filter(isStream)
  const whole = streams.filter((entry) => !lacksContent(entry))
  if (whole.length > 0) return whole.map(toCapture)
  if (streams.length > 0) {
    throw new CliError('input', `${name} has event streams without their content; export it with content.`)
  }
  throw new CliError(
    'input',
    `${name} has no event stream among its ${entries.length} entries; export it with the content of the answers.`,
  )
}

function isStream(entry: JsonObject): boolean {
  const { response, request } = entry
  const content = objectOf(objectOf(response)['content'])
  const asked = objectOf(parseJson(textOf(objectOf(objectOf(request)['postData'])['text']) ?? ''))['stream'] === true
  return asked || /^text\/event-stream\b/i.test(textOf(content['mimeType']) ?? '')
}

/** Browsers leave the content out unless they are asked for it. */
function lacksContent(entry: JsonObject): boolean {
  const response = objectOf(entry['response'])
  const content = objectOf(response['content'])
  // Of an answer that failed there may be nothing but the note.
  return content['text'] === undefined && (numberOf(content['size']) ?? 0) !== 0 && noteOf(entry, response) === ''
}

function toCapture(entry: JsonObject): Capture {
  const request = objectOf(entry['request'])
  const response = objectOf(entry['response'])
  const url = textOf(request['url']) ?? ''
  const head = headOf(response)
  const end = endOf(entry, response)
  return {
    format: 'har',
    title: `${textOf(request['method']) ?? 'GET'} ${withoutSecrets(url)}`,
    response: head.status === 0 ? undefined : responseFactsOf(head),
    request: requestFactsOf(url, request),
    body: bodyOf(objectOf(response['content'])),
    end: () => end,
    failure: head.status === 0 ? failureOf(entry, response) : undefined,
  }
}

/** Keys stand in queries, and passwords before hosts. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** Status 0 stands for no answer at all. */
function failureOf(entry: JsonObject, response: JsonObject): ErrorFacts {
  const code = FAILURES.find(([pattern]) => pattern.test(noteOf(entry, response)))?.[1]
  return { names: ['APIConnectionError'], codes: code === undefined ? [] : [code] }
}

const FAILURES: readonly (readonly [RegExp, string])[] = [
  [/NAME_NOT_RESOLVED|UNKNOWN_HOST/, 'ENOTFOUND'],
  [/CONNECTION_REFUSED/, 'ECONNREFUSED'],
  [/CONNECTION_RESET|NET_RESET/, 'ECONNRESET'],
  [/CONNECTION_CLOSED|EMPTY_RESPONSE/, 'UND_ERR_SOCKET'],
]

function headOf(response: JsonObject): HttpHead {
  const pairs = listOf(response['headers']).map(objectOf)
  const headers = new Map(pairs.map(({ name, value }) => [String(name).toLowerCase(), String(value)]))
  // What is kept is the text: without framing and compression.
  headers.delete('content-encoding')
  if (!headers.has('content-type')) {
    const type = textOf(objectOf(response['content'])['mimeType'])
    if (type !== undefined && type !== '' && type !== 'x-unknown') headers.set('content-type', type)
  }
  const version = /^(?:HTTP\/|h)([\d.]+)/i.exec(textOf(response['httpVersion']) ?? '')?.[1] ?? '2'
  return { version, status: numberOf(response['status']) ?? 0, headers }
}

async function* bodyOf(content: JsonObject): AsyncGenerator<Uint8Array, void> {
  const text = textOf(content['text']) ?? ''
  if (text !== '') yield Buffer.from(text, textOf(content['encoding']) === 'base64' ? 'base64' : 'utf8')
}

/** What browsers note where a body did not end well. */
const ERRORS: readonly (readonly [RegExp, ErrorFacts | undefined])[] = [
  [/CONNECTION_(RESET|ABORTED)|NS_ERROR_NET_RESET/, BODY_ENDS.reset],
  [/HTTP2|HTTP3|QUIC|SPDY/, STREAM_RESET],
  [/INCOMPLETE_CHUNKED|CONTENT_LENGTH_MISMATCH|CONNECTION_CLOSED|NET_PARTIAL_TRANSFER|NET_INTERRUPT/, BODY_ENDS.close],
  [/TIMED_OUT|NET_TIMEOUT/, BODY_ENDS.timeout],
  [/INVALID_CHUNKED|INVALID_HTTP_RESPONSE/, BAD_FRAMING],
  [/CONTENT_DECODING|CORRUPTED_CONTENT/, { names: ['TypeError', 'Error'], codes: ['Z_DATA_ERROR'] }],
]

function endOf(entry: JsonObject, response: JsonObject): BodyEnd {
  const note = noteOf(entry, response)
  const error = ERRORS.find(([pattern]) => pattern.test(note))?.[1]
  return error === undefined ? ORDERLY_END : { error, evidence: `the browser noted ${note}` }
}

/** Longest note of a browser that is taken, in UTF-16 units. */
const MAX_NOTE_LENGTH = 200

function noteOf(entry: JsonObject, response: JsonObject): string {
  const notes = [response['_error'], response['_failureText'], entry['_error'], response['comment']].map(textOf)
  return notes.find((text) => (text ?? '') !== '')?.slice(0, MAX_NOTE_LENGTH) ?? ''
}

/** Most choices that are waited for: one asks for a handful. */
const MAX_CHOICES = 128

const APIS: readonly (readonly [RegExp, StreamApi])[] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/responses(\/[^/]+)?$/, 'responses'],
  [/\/completions$/, 'completions'],
  [/\/threads(\/|$)/, 'assistants'],
  [/\/images\//, 'images'],
  [/\/audio\/transcriptions$/, 'transcriptions'],
]

function requestFactsOf(url: string, request: JsonObject): RequestFacts {
  const { hostname = '', pathname = '' } = URL.canParse(url) ? new URL(url) : {}
  const body = objectOf(parseJson(textOf(objectOf(request['postData'])['text']) ?? ''))
  return {
    host: hostname,
    model: textOf(body['model']),
    api: APIS.find(([pattern]) => pattern.test(pathname))?.[1],
    choices: isChoices(body['n']) ? body['n'] : undefined,
    usageRequested: objectOf(body['stream_options'])['include_usage'] === true,
  }
}

function isChoices(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_CHOICES
}
