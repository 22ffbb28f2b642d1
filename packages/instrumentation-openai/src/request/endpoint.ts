import { findProvider } from './provider.ts'

/** Where a client sends its requests. */
export interface Endpoint {
  /** Empty where it is not known. */
  readonly host: string
  readonly port: number | undefined
  readonly provider: string
}

/** Most base URLs remembered: an application has a few. */
export const MAX_ENDPOINTS = 100

const endpoints = new Map<unknown, Endpoint>()

/** The endpoint of a base URL. Each is parsed once: a client asks again and again. */
export function findEndpoint(baseURL: unknown): Endpoint {
  const found = endpoints.get(baseURL)
  if (found !== undefined) return found
  const endpoint = parse(baseURL)
  if (endpoints.size >= MAX_ENDPOINTS) endpoints.clear()
  if (typeof baseURL === 'string') endpoints.set(baseURL, endpoint)
  return endpoint
}

function parse(baseURL: unknown): Endpoint {
  const url = typeof baseURL === 'string' && URL.canParse(baseURL) ? new URL(baseURL) : undefined
  const host = url?.hostname ?? ''
  const port = url === undefined ? undefined : Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
  return { host, port, provider: findProvider(host) }
}
