import type { StreamingApi } from '../answer/answer.ts'
import { RequestError } from './error-body.ts'

/** A request for an answer, with what its path says of it. */
export interface CreateRoute {
  readonly kind: 'create'
  readonly api: StreamingApi
  readonly isAzure: boolean
  readonly isEdit: boolean
  /** Azure's name of a model. */
  readonly deployment?: string
  readonly threadId?: string
  readonly runId?: string
}

/** What a request is for: an answer, a look at an earlier response, or the control of the server. */
export type Route =
  | CreateRoute
  | { readonly kind: 'retrieve'; readonly id: string }
  | { readonly kind: 'models' }
  | { readonly kind: 'arm' }

/** The names of the parts of a path. */
type Parts = Readonly<Partial<Record<'deployment' | 'id' | 'threadId' | 'runId', string>>>

interface Entry {
  readonly method: string
  readonly path: RegExp
  toRoute(parts: Parts): Route
}

const create = (path: RegExp, api: StreamingApi, isEdit = false): Entry => ({
  method: 'POST',
  path,
  toRoute: ({ deployment, threadId, runId }) => ({
    kind: 'create',
    api,
    isAzure: false,
    isEdit,
    ...(deployment === undefined ? {} : { deployment }),
    ...(threadId === undefined ? {} : { threadId }),
    ...(runId === undefined ? {} : { runId }),
  }),
})

/** What stands before a path: OpenAI's `/v1`; Azure's `/openai`, `/openai/v1` or `/openai/deployments/:deployment`. */
const BASE = /^\/(?:v1|(?<azure>openai)(?:\/v1|\/deployments\/(?<deployment>[^/]+))?)(?=\/)/

const ROUTES: readonly Entry[] = [
  create(/^\/chat\/completions$/, 'chat'),
  create(/^\/completions$/, 'completions'),
  create(/^\/responses$/, 'responses'),
  create(/^\/threads\/runs$/, 'assistants'),
  create(/^\/threads\/(?<threadId>[^/]+)\/runs$/, 'assistants'),
  create(/^\/threads\/(?<threadId>[^/]+)\/runs\/(?<runId>[^/]+)\/submit_tool_outputs$/, 'assistants'),
  create(/^\/images\/generations$/, 'images'),
  create(/^\/images\/edits$/, 'images', true),
  create(/^\/audio\/transcriptions$/, 'transcriptions'),
  create(/^\/audio\/speech$/, 'speech'),
  {
    method: 'GET',
    path: /^\/responses\/(?<id>[^/]+)$/,
    toRoute: ({ id = '' }) => ({ kind: 'retrieve', id }),
  },
  { method: 'GET', path: /^\/models$/, toRoute: () => ({ kind: 'models' }) },
]

/** A part of a path as it was before it was escaped; one that was escaped badly stays as it is. */
const unescape = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const readParts = (groups: Readonly<Record<string, string | undefined>> = {}): Parts =>
  Object.fromEntries(
    Object.entries(groups).flatMap(([name, part]) => (part === undefined ? [] : [[name, unescape(part)]])),
  )

/** Finds the route of a request. */
export const findRoute = (method: string, path: string): Route => {
  if (method === 'POST' && path === '/_control/next') return { kind: 'arm' }
  const base = BASE.exec(path)
  for (const entry of base === null ? [] : ROUTES) {
    const match = entry.path.exec(path.slice(base?.[0].length))
    if (match === null || entry.method !== method) continue
    const route = entry.toRoute({ ...readParts(base?.groups), ...readParts(match.groups) })
    return route.kind === 'create' ? { ...route, isAzure: base?.groups?.['azure'] !== undefined } : route
  }
  throw new RequestError(404, 'unknown_route', `There is no ${method} ${path} here; the base URL ends in /v1.`)
}
