import type { StreamSource } from './attempt.ts'
import { PartialCollector, type PartialToolCall } from './partial-answer.ts'
import { readComplete, type CompleteOptions } from './require-complete.ts'
import { StreamBrokenError } from './stream-broken-error.ts'

/** A call of a tool, whole. */
export interface ToolCall {
  /** Index of the choice that made it. */
  readonly choice: number
  /** What its output is to be sent back with; `undefined` where the server gave none. */
  readonly id: string | undefined
  readonly name: string
  /** The arguments, decoded; `{}` where there were none. */
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
  const partial = new PartialCollector()
  for await (const _ of readComplete(source, partial, options));
  const { answer } = partial
  const isWhole = answer.toolCalls.every(({ isComplete }) => isComplete) && !answer.isCut
  if (isWhole) return answer.toolCalls.map(decode)
  // It was whole, and longer than what is kept.
  throw new StreamBrokenError({ code: 'incomplete_tool_arguments', reason: 'not_asked', partial: answer, attempts: [] })
}

function decode({ choice, id, name, arguments: text }: PartialToolCall): ToolCall {
  return { choice, id, name, arguments: text.trim() === '' ? {} : (JSON.parse(text) as unknown) }
}
