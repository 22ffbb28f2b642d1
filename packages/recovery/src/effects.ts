import { isRecord, type Json } from './records.ts'
import type { StreamApi } from '@streamgauge/core'

/** Why a request may leave something behind, so that a second one may do it twice. */
export type Effect =
  /** The request is not known, or not one that is known here. */
  | 'unknown_request'
  /** The server runs it on, whether or not somebody listens. */
  | 'background'
  /** The server keeps the answer: `store` is true, or left to Responses, which keep by default. */
  | 'stored'
  /** The answer becomes part of a conversation that the server keeps. */
  | 'conversation'
  /** The server runs tools by itself. Those of type `function` and `custom` only the app runs, once it has them. */
  | 'server_tools'
  /** A prompt that the server keeps may bring tools along. */
  | 'stored_prompt'

/** Which API a request belongs to, by what it asks with. */
export function findApi(request: unknown): StreamApi {
  if (!isRecord(request)) return 'unknown'
  if (Array.isArray(request['messages'])) return 'chat'
  if ('input' in request || ('prompt' in request && isRecord(request['prompt']))) return 'responses'
  return 'prompt' in request ? 'completions' : 'unknown'
}

/** The first reason for which a request may not be sent again unasked; `undefined` where there is none. */
export function findEffect(request: unknown): Effect | undefined {
  const api = findApi(request)
  if (!isRecord(request) || api === 'unknown') return 'unknown_request'
  return EFFECTS.find(([, holds]) => holds(request, api))?.[0]
}

const EFFECTS: readonly (readonly [effect: Effect, holds: (request: Json, api: StreamApi) => boolean])[] = [
  ['background', (request) => request['background'] === true],
  ['conversation', (request) => isGiven(request['conversation'])],
  ['server_tools', (request) => hasServerTools(request)],
  ['stored_prompt', (request, api) => api === 'responses' && isGiven(request['prompt'])],
  ['stored', (request, api) => request['store'] === true || (api === 'responses' && request['store'] !== false)],
]

function hasServerTools(request: Json): boolean {
  const { tools, plugins } = request
  if (isGiven(request['web_search_options']) || (Array.isArray(plugins) && plugins.length > 0)) return true
  return Array.isArray(tools) && tools.some((tool) => !isRecord(tool) || !APP_TOOLS.has(tool['type']))
}

const APP_TOOLS: ReadonlySet<unknown> = new Set(['function', 'custom'])

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
