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

/** Of `Headers` of any make: those of the platform and of node-fetch name themselves in lower case. */
function readHops(headers: unknown, header: (name: string) => string | undefined): readonly HopName[] {
  const { keys } = (headers ?? {}) as { readonly keys?: unknown }
  if (typeof keys !== 'function') return []
  const names: unknown = Reflect.apply(keys, headers, [])
  return findHops(names as Iterable<string>, header)
}

/** Longest header value kept. */
const MAX_HEADER_LENGTH = 256

function readHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { readonly get?: unknown }
  if (typeof get !== 'function') return undefined
  const value: unknown = Reflect.apply(get, headers, [name])
  return typeof value === 'string' ? value.slice(0, MAX_HEADER_LENGTH) : undefined
}
