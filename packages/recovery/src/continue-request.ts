import { findApi } from './effects.ts'
import type { PartialCollector } from './partial-answer.ts'
import { isRecord, type Json } from './records.ts'

/** Why an answer can't be continued from the text that is there. */
export type Uncontinuable =
  | 'unknown_request'
  | 'several_choices'
  | 'tools'
  | 'response_format'
  | 'echo'
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
  if (typeof readBeginning(request)?.['content'] === 'object') return 'unknown_request'
  const { n, response_format: format } = request
  if ((typeof n === 'number' && n > 1) || partial.choices > 1) return 'several_choices'
  if ([request['tools'], request['functions']].some((tools) => Array.isArray(tools) && tools.length > 0)) return 'tools'
  if ((isRecord(format) && format['type'] !== 'text') || Object.keys(request).some(isStructure))
    return 'response_format'
  // The text would come again with what is new.
  if (request['echo'] === true) return 'echo'
  if (partial.hasOtherOutput) return 'not_only_text'
  return partial.isCut ? 'text_too_long' : undefined
}

/** The fields by which vLLM holds an answer to a structure. */
function isStructure(field: string): boolean {
  return field === 'structured_outputs' || field.startsWith('guided_')
}

/** The last message, where the request itself says that the answer begins with it. */
function readBeginning({ messages, continue_final_message: isBegun }: Json): Json | undefined {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
  return isBegun === true && isRecord(last) ? last : undefined
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
  const begun = readBeginning(fields)
  const beginning = typeof begun?.['content'] === 'string' ? begun['content'] : ''
  const before: readonly unknown[] = begun === undefined ? messages : messages.slice(0, -1)
  return {
    ...fields,
    messages: [...before, { role: 'assistant', ...begun, content: `${beginning}${text}` }],
    continue_final_message: true,
    add_generation_prompt: false,
  } as Request
}
