import type { ErrorFacts, StreamApi } from '@streamgauge/core'
import { CliError } from '../cli-error.ts'
import { BAD_FRAMING, BODY_ENDS, STREAM_RESET } from './body-ends.ts'
import { ORDERLY_END, type BodyEnd, type Capture, type RequestFacts } from './capture.ts'
import { responseFactsOf, type HttpHead } from './http-head.ts'
import { listOf, numberOf, objectOf, parseJson, textOf, type JsonObject } from './json-fields.ts'

/** Largest HAR that is read, in bytes: it is one JSON document, which has to be held whole. */
export const MAX_HAR_BYTES = 67_108_864

/** The event streams of a HAR, in its order. @throws CliError where it is none, or has none in it */
export function readHar(text: string, name: string): readonly Capture[] {
  const entries = objectOf(objectOf(parseJson(text.replace(/^\ufeff/, '')))['log'])['entries']
  if (!Array.isArray(entries))
    throw new CliError('input', `${name} looks like a HAR, but has no log.entries; export it again.`)
  const streams = entries.map(objectOf).filter(isStream)
  if (streams.length > 0) return streams.map(toCapture)
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

function toCapture(entry: JsonObject): Capture {
  const request = objectOf(entry['request'])
  const response = objectOf(entry['response'])
  const url = textOf(request['url']) ?? ''
  const head = headOf(response)
  const end = endOf(entry, response)
  return {
    format: 'har',
    title: `${textOf(request['method']) ?? 'GET'} ${url}`,
    response: head.status === 0 ? undefined : responseFactsOf(head),
    request: requestFactsOf(url, request),
    body: bodyOf(objectOf(response['content'])),
    end: () => end,
  }
}

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
  const note = [response['_error'], entry['_error'], response['comment']]
    .map(textOf)
    .find((text) => (text ?? '') !== '')
  const error = ERRORS.find(([pattern]) => pattern.test(note ?? ''))?.[1]
  return error === undefined ? ORDERLY_END : { error, evidence: `the browser noted ${note}` }
}

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
    choices: numberOf(body['n']),
    usageRequested: objectOf(body['stream_options'])['include_usage'] === true,
  }
}
