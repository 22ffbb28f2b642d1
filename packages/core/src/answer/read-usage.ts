import type { Usage } from './answer.ts'
import { isRecord, type Json } from './json-record.ts'

/** Reads what a provider counted, by the names of Responses or by those of chat: servers mix the two. */
export function readUsage(usage: Json): Usage {
  const input = usage['prompt_tokens_details'] ?? usage['input_tokens_details']
  const output = usage['completion_tokens_details'] ?? usage['output_tokens_details']
  return {
    inputTokens: count(usage['prompt_tokens'] ?? usage['input_tokens']),
    outputTokens: count(usage['completion_tokens'] ?? usage['output_tokens']),
    cacheReadInputTokens: isRecord(input) ? count(input['cached_tokens']) : undefined,
    reasoningOutputTokens: isRecord(output) ? count(output['reasoning_tokens']) : undefined,
  }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
