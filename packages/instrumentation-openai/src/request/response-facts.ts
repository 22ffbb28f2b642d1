import { findHops, type HopName, type ResponseFacts } from '@streamgauge/core'

/** Reads what the cause of a fault may rest on. Few headers, by name: never cookies, never credentials. */
export function readResponse(response: unknown): ResponseFacts {
  const { status, headers } = response as { readonly status?: unknown; readonly headers?: unknown }
  const header = (name: string): string | undefined => readHeader(headers, name)
  const length = header('content-length')
  return {
    status: typeof status === 'number' ? status : 0,
    contentType: header('content-type'),
    contentEncoding: header('content-encoding'),
    framing: header('transfer-encoding')?.includes('chunked') ? 'chunked' : length !== undefined ? 'length' : 'unknown',
    via: header('via'),
    proxies: readHops(headers, header),
  }
}

/** Longest header value kept. */
const MAX_HEADER_LENGTH = 256

/** Names as every make of headers gives them: in lower case. */
function readHops(headers: unknown, header: (name: string) => string | undefined): readonly HopName[] {
  if (typeof headers !== 'object' || headers === null) return []
  const { keys } = headers as { readonly keys?: unknown }
  const names: unknown = typeof keys === 'function' ? Reflect.apply(keys, headers, []) : Object.keys(headers)
  return findHops(names as Iterable<string>, header)
}

/** Of `Headers` of any make, or of the plain object that an error of openai 4 has. */
function readHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { readonly get?: unknown }
  const value: unknown =
    typeof get === 'function'
      ? Reflect.apply(get, headers, [name])
      : (headers as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value.slice(0, MAX_HEADER_LENGTH) : undefined
}
