import { findApi } from './effects.ts'
import type { PartialCollector } from './partial-answer.ts'
import { isRecord, type Json } from './records.ts'

/** Why an answer can't be continued from the text that is there. */
export type Uncontinuable =
  | 'unknown_request'
  | 'several_choices'
  | 'tools'
  | 'response_format'
  | 'not_only_text'
  | 'text_too_long'

/**
 * Why not, or `undefined` where it can be. A model that goes on from its own text knows nothing of what else it had made: tool
 * calls, reasoning, the state of a grammar.
 */
export function findUncontinuable(request: unknown, partial: PartialCollector): Uncontinuable | undefined {
  const api = findApi(request)
  if (!isRecord(request) || (api !== 'chat' && api !== 'completions')) return 'unknown_request'
  if (api === 'completions' && typeof request['prompt'] !== 'string') return 'unknown_request'
  const { n, tools, response_format: format } = request
  if ((typeof n === 'number' && n > 1) || partial.choices > 1) return 'several_choices'
  if (Array.isArray(tools) && tools.length > 0) return 'tools'
  if (isRecord(format) && format['type'] !== 'text') return 'response_format'
  if (partial.hasOtherOutput) return 'not_only_text'
  return partial.isCut ? 'text_too_long' : undefined
}

/**
 * The request that has the model go on where its answer broke off. Chat: its text as the last message, with the two fields by
 * which vLLM takes that for the beginning of the answer and not for a turn that is over. Completions: its text behind the prompt.
 *
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (`continue_final_message`, `add_generation_prompt`)
 */
export function continueRequest<Request>(request: Request, text: string): Request {
  const fields = request as Json
  // Nothing is shown yet: the answer goes on at its beginning.
  if (text === '') return request
  const { messages, prompt } = fields
  if (!Array.isArray(messages)) return { ...fields, prompt: `${String(prompt)}${text}` } as Request
  return {
    ...fields,
    messages: [...messages, { role: 'assistant', content: text }],
    continue_final_message: true,
    add_generation_prompt: false,
  } as Request
}
