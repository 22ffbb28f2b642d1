import type { Api } from '../answer/answer.ts'
import { RequestError } from './error-body.ts'

/** What a request is for: an answer, a look at an earlier response, or the control of the server. */
export type Route =
  | { readonly kind: 'create'; readonly api: Exclude<Api, 'models'> }
  | { readonly kind: 'retrieve'; readonly id: string }
  | { readonly kind: 'models' }
  | { readonly kind: 'arm' }

interface Entry {
  readonly method: string
  readonly path: RegExp
  toRoute(id: string): Route
}

const ROUTES: readonly Entry[] = [
  { method: 'POST', path: /^\/v1\/chat\/completions$/, toRoute: () => ({ kind: 'create', api: 'chat' }) },
  { method: 'POST', path: /^\/v1\/completions$/, toRoute: () => ({ kind: 'create', api: 'completions' }) },
  { method: 'POST', path: /^\/v1\/responses$/, toRoute: () => ({ kind: 'create', api: 'responses' }) },
  { method: 'GET', path: /^\/v1\/responses\/([^/]+)$/, toRoute: (id) => ({ kind: 'retrieve', id }) },
  { method: 'GET', path: /^\/v1\/models$/, toRoute: () => ({ kind: 'models' }) },
  { method: 'POST', path: /^\/_control\/next$/, toRoute: () => ({ kind: 'arm' }) },
]

/** Finds the route of a request. */
export const findRoute = (method: string, path: string): Route => {
  for (const entry of ROUTES) {
    const match = entry.path.exec(path)
    if (match !== null && entry.method === method) return entry.toRoute(match[1] ?? '')
  }
  throw new RequestError(404, 'unknown_route', `There is no ${method} ${path} here; the base URL ends in /v1.`)
}
