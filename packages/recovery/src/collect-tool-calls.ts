import type { StreamSource } from './attempt.ts'
import { checkOptions } from './check-options.ts'
import { PartialCollector } from './partial-answer.ts'
import type { PartialToolCall, ToolCallType } from './partial-tool-calls.ts'
import { COMPLETE_RULES, isHalfJson, readComplete, type CompleteOptions } from './require-complete.ts'
import { StreamBrokenError } from './stream-broken-error.ts'

/** A call of a tool, whole. */
export interface ToolCall {
  /** Index of the choice that made it. */
  readonly choice: number
  readonly type: ToolCallType
  /** What its output is to be sent back with; `undefined` where the server gave none. */
  readonly id: string | undefined
  readonly name: string
  /** The arguments, decoded; `{}` where there were none. Of a custom tool, its input: the text. */
  readonly arguments: unknown
}

/**
 * Reads a stream to its end, and gives the tools that the model called, in their order; none where the answer is not whole, but
 * the error of `requireComplete`. That the arguments fit the tool is for the app to check.
 *
 * @public
 */
export async function collectToolCalls(
  source: StreamSource<unknown>,
  options: CompleteOptions = {},
): Promise<ToolCall[]> {
  checkOptions(options, COMPLETE_RULES)
  const partial = new PartialCollector()
  for await (const _ of readComplete(source, partial, options));
  const { answer } = partial
  const isWhole = !answer.toolCalls.some(isHalfJson) && !partial.areCallsCut
  if (isWhole) return answer.toolCalls.map(decode)
  // It was whole, and longer than what is kept.
  throw new StreamBrokenError({ code: 'incomplete_tool_arguments', reason: 'not_asked', partial: answer, attempts: [] })
}

function decode({ choice, type, id, name, arguments: text }: PartialToolCall): ToolCall {
  if (type === 'custom') return { choice, type, id, name, arguments: text }
  return { choice, type, id, name, arguments: text.trim() === '' ? {} : (JSON.parse(text) as unknown) }
}
