import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { guard } from '../guard.ts'
import { isRequestUnderWay } from './requests-under-way.ts'
import { warnUser } from '../warn-user.ts'

/**
 * Listens to the requests that the HTTP clients of the process send, until one of `openai` goes out that came through no
 * patched class: then there are streams that nobody watches, of which the application is warned, once in a process.
 *
 * @returns stops listening
 */
export function warnIfBlind(): () => void {
  const listener = (message: unknown): void =>
    guard('a look at a request', () => {
      if (isRequestUnderWay() || !isRequestOfOpenAI((message as { readonly request?: unknown }).request)) return
      stop()
      warnUser(REMEDY)
    })
  const stop = (): void => CHANNELS.forEach((channel) => unsubscribe(channel, listener))
  CHANNELS.forEach((channel) => subscribe(channel, listener))
  return stop
}

/** Of undici, which is behind the global `fetch`; and of `node:http`, which is behind that of openai 4. */
const CHANNELS = ['undici:request:create', 'http.client.request.start'] as const

const REMEDY =
  'openai sends requests, but none of its classes that do so is patched: their streams are not watched. An ES module needs ' +
  '`node --import @streamgauge/instrumentation-openai/hook` (or `/register`) before it is loaded, with no narrower hook of ' +
  "your own in its place; a bundle needs instrumentOpenAI({ OpenAI, Stream }), with Stream from 'openai/streaming', inside it."

/** Requests that run a model; all that the SDK sends it sends below a base URL. */
const PATH = /\/(completions|responses|runs|submit_tool_outputs)(\?|$)/

interface HttpRequest {
  readonly path?: unknown
  /** undici: names and values in turn. */
  readonly headers?: unknown
  /** `node:http`: answers with a list where node-fetch gave one. */
  readonly getHeader?: unknown
}

function isRequestOfOpenAI(request: unknown): boolean {
  const { path, headers, getHeader } = (request ?? {}) as HttpRequest
  if (typeof path !== 'string' || !PATH.test(path)) return false
  const header = (name: string): unknown =>
    typeof getHeader === 'function' ? Reflect.apply(getHeader, request, [name]) : findHeader(headers, name)
  // Other SDKs that are made by the same generator say the same of themselves; none of them has come to such a version.
  const version = Number.parseInt(String(header('x-stainless-package-version')), 10)
  // A part of a body that is asked for again belongs to a request that had its headers long ago.
  return String(header('x-stainless-lang')) === 'js' && version >= 4 && header('range') === undefined
}

function findHeader(headers: unknown, name: string): unknown {
  if (!Array.isArray(headers)) return undefined
  const at = headers.findIndex((entry, i) => i % 2 === 0 && String(entry).toLowerCase() === name)
  return at === -1 ? undefined : headers[at + 1]
}
