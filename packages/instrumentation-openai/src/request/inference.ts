import type { StreamApi } from '@streamgauge/core'

/** A kind of request that runs a model. */
export interface Inference {
  readonly api: StreamApi
  /** `gen_ai.operation.name`. */
  readonly operation: string
  /** `openai.api.type`, where the conventions have a name for it. */
  readonly apiType?: 'chat_completions' | 'responses' | undefined
}

const CHAT: Inference = { api: 'chat', operation: 'chat', apiType: 'chat_completions' }
const RESPONSES: Inference = { api: 'responses', operation: 'chat', apiType: 'responses' }

const POSTS: readonly (readonly [path: RegExp, inference: Inference])[] = [
  [/\/chat\/completions$/, CHAT],
  [/\/completions$/, { api: 'completions', operation: 'text_completion' }],
  [/\/responses$/, RESPONSES],
  [/\/threads\/(runs|[^/]+\/runs(\/[^/]+\/submit_tool_outputs)?)$/, { api: 'assistants', operation: 'invoke_agent' }],
  [/\/images\/(generations|edits)$/, { api: 'images', operation: 'generate_content' }],
  [/\/audio\/transcriptions$/, { api: 'transcriptions', operation: 'generate_content' }],
  [/\/audio\/speech$/, { api: 'unknown', operation: 'generate_content' }],
]

/**
 * What a request asks for; `undefined` where it runs no model that is watched here, such as the list of models.
 *
 * @param path of the request, without the base URL; Azure puts the deployment before it
 */
export function findInference(method: string, path: string, isStream: boolean): Inference | undefined {
  const plain = path.split('?')[0] ?? path
  if (method.toLowerCase() === 'get') return isStream && /\/responses\/[^/]+$/.test(plain) ? RESPONSES : undefined
  const found = POSTS.find(([pattern]) => pattern.test(plain))?.[1]
  // Runs, images, transcriptions and speech are watched for their streams; what they give otherwise is no answer of a
  // model yet.
  if (found === undefined || isStream) return found
  return found.api === 'chat' || found.api === 'completions' || found.api === 'responses' ? found : undefined
}
