import { findHops, type ResponseFacts } from '@streamgauge/core'
import { isRecord, readProperty } from './records.ts'

/** Longest header value that is looked at. */
const MAX_HEADER_LENGTH = 256

/** What core judges from, of a response or of an error that has its status and headers. */
export function readResponse(response: unknown): ResponseFacts {
  const { status, headers } = (isRecord(response) ? response : {}) as { status?: unknown; headers?: unknown }
  const header = (name: string): string | undefined => readHeader(headers, name)
  const isChunked = header('transfer-encoding')?.includes('chunked') === true
  const hasLength = header('content-length') !== undefined
  return {
    status: typeof status === 'number' ? status : 0,
    contentType: header('content-type'),
    contentEncoding: header('content-encoding'),
    framing: isChunked ? 'chunked' : hasLength ? 'length' : 'unknown',
    via: header('via'),
    proxies: isRecord(headers) ? findHops(namesOf(headers), header) : [],
  }
}

/** Host of the URL that a response came from; `''` where it has none. */
export function readHost(response: unknown): string {
  const url = readProperty(response, 'url')
  return typeof url === 'string' ? (URL.parse(url)?.hostname ?? '') : ''
}

/** Of `Headers` of any make, or of the plain object that an error of openai 4 has. */
export function readHeader(headers: unknown, name: string): string | undefined {
  if (!isRecord(headers)) return undefined
  const { get } = headers
  const value: unknown = typeof get === 'function' ? Reflect.apply(get, headers, [name]) : headers[name]
  return typeof value === 'string' ? value.slice(0, MAX_HEADER_LENGTH) : undefined
}

function namesOf(headers: Readonly<Record<string, unknown>>): Iterable<string> {
  const { keys } = headers
  return (typeof keys === 'function' ? Reflect.apply(keys, headers, []) : Object.keys(headers)) as Iterable<string>
}
