import { readItemType, readKey, ToolCallCollector, type PartialToolCall } from './partial-tool-calls.ts'
import { readEvent } from './read-event.ts'
import { isRecord, readProperty, type Json } from './records.ts'
import { MAX_PARTIAL_PARTS, TextBudget } from './text-budget.ts'

/** What an app was handed of an answer. */
export interface PartialAnswer {
  /** Chunks that were handed over. After a restart, those of the last attempt that brought any. */
  readonly chunks: number
  /** Text of the first choice. */
  readonly text: string
  /** Text of every choice, by its index. */
  readonly texts: readonly string[]
  readonly toolCalls: readonly PartialToolCall[]
  /** More came than 262,144 characters of text, or as many of tool calls, and the rest is not in here. */
  readonly isCut: boolean
  /** Responses: which one it was, and up to where it came. */
  readonly responseId?: string | undefined
  readonly lastSequenceNumber?: number | undefined
}

/** Gathers what the chunks of an answer bring, in any of the shapes in which chat, completions and Responses stream. */
export class PartialCollector {
  chunks = 0
  /** Something other than text was shown: reasoning, a refusal, a tool call, audio. It can't be continued from text. */
  hasOtherOutput = false
  responseId: string | undefined
  lastSequenceNumber: number | undefined
  isBackground = false
  /** The event that ended it had the output of the response, with no less text than had come. */
  endsWithAll = false
  readonly #texts: (string | undefined)[] = []
  readonly #budget = new TextBudget()
  readonly #callBudget = new TextBudget()
  readonly #calls = new ToolCallCollector(this.#callBudget)

  /** Takes a chunk. Never throws, whatever it is. */
  add(chunk: unknown): void {
    this.chunks++
    if (!isRecord(chunk)) return
    const event = readEvent(chunk)
    const { choices, type } = event
    if (Array.isArray(choices)) choices.forEach((choice, at) => isRecord(choice) && this.#takeChoice(choice, at))
    else if (typeof type === 'string') this.#takeEvent(event, type)
  }

  /** What was handed over does not count any more. */
  clear(): void {
    this.chunks = 0
    this.hasOtherOutput = false
    this.responseId = undefined
    this.lastSequenceNumber = undefined
    this.isBackground = false
    this.endsWithAll = false
    this.#texts.length = 0
    this.#calls.clear()
    this.#budget.clear()
    this.#callBudget.clear()
  }

  get isCut(): boolean {
    return this.#budget.isCut || this.areCallsCut
  }

  get areCallsCut(): boolean {
    return this.#callBudget.isCut
  }

  get text(): string {
    return this.#texts[0] ?? ''
  }

  get choices(): number {
    return this.#texts.length
  }

  /** What there is so far. */
  get answer(): PartialAnswer {
    const { chunks, text, isCut, responseId, lastSequenceNumber } = this
    const texts = Array.from(this.#texts, (piece = '') => piece)
    return { chunks, text, texts, toolCalls: this.#calls.calls, isCut, responseId, lastSequenceNumber }
  }

  #takeChoice(choice: Json, position: number): void {
    const index = readIndex(choice['index'], position)
    if (typeof choice['text'] === 'string') this.#addText(index, choice['text'])
    const { delta, finish_reason: finishReason } = choice
    for (const [key, value] of isRecord(delta) ? Object.entries(delta) : []) {
      if (key === 'content' && typeof value === 'string') this.#addText(index, value)
      else if (key !== 'role' && isOutput(value)) this.#takeOther(index, key, value)
    }
    if (typeof finishReason === 'string' && finishReason !== '') this.#calls.finish(index)
  }

  /** What a delta brings besides text. */
  #takeOther(index: number, key: string, value: unknown): void {
    this.hasOtherOutput = true
    if (key === 'tool_calls' && Array.isArray(value)) this.#calls.addPieces(index, value)
    else if (key === 'function_call' && isRecord(value)) {
      this.#calls.add(`${index}/function_call`, index, 'function', { ...value, id: undefined })
    }
  }

  #takeEvent(event: Json, type: string): void {
    const { sequence_number: sequence, response, item } = event
    if (typeof sequence === 'number') this.lastSequenceNumber = Math.max(sequence, this.lastSequenceNumber ?? sequence)
    if (isRecord(response)) {
      if (typeof response['id'] === 'string') this.responseId = response['id']
      this.isBackground ||= response['background'] === true
    }
    const key = readKey(event['output_index']) ?? readKey(event['item_id']) ?? ''
    const { delta } = event
    if (type === 'response.output_text.delta' && typeof delta === 'string') return this.#addText(0, delta)
    if (type.endsWith('.delta')) this.hasOtherOutput = true
    if (type === 'response.function_call_arguments.delta') this.#calls.add(key, 0, 'function', { arguments: delta })
    else if (type === 'response.custom_tool_call_input.delta') this.#calls.add(key, 0, 'custom', { input: delta })
    else if (type === 'response.output_item.done' && isRecord(item)) this.#calls.settle(key, item)
    else if (type === 'response.output_item.added' && isRecord(item)) this.#beginItem(key, item)
    else if (isRecord(response) && ENDS.has(type) && Array.isArray(response['output'])) {
      const { output } = response
      for (const [at, one] of output.entries()) if (isRecord(one)) this.#calls.settle(String(at), one)
      this.endsWithAll = measureText(output) >= this.text.length
    }
  }

  #beginItem(key: string, item: Json): void {
    const type = readItemType(item)
    if (type === undefined) return
    this.hasOtherOutput = true
    this.#calls.add(key, 0, type, { id: item['call_id'], name: item['name'] })
  }

  #addText(index: number, text: string): void {
    if (index >= MAX_PARTIAL_PARTS) {
      this.#budget.isCut ||= text !== ''
      return
    }
    this.#texts[index] = (this.#texts[index] ?? '') + this.#budget.fit(text)
  }
}

/** Events that bring a response that has ended with an answer, and all of its output. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.done'])

/** Length of the text in the output of a response. */
function measureText(output: readonly unknown[]): number {
  const contents = output.map((item) => readProperty(item, 'content')).filter((content) => Array.isArray(content))
  const parts = contents.flat().filter((part) => readProperty(part, 'type') === 'output_text')
  const texts = parts.map((part) => readProperty(part, 'text')).filter((text) => typeof text === 'string')
  return texts.reduce((sum, text) => sum + text.length, 0)
}

function readIndex(index: unknown, position: number): number {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : position
}

function isOutput(value: unknown): boolean {
  const isEmpty = Array.isArray(value) && value.length === 0
  return value !== null && value !== undefined && value !== '' && value !== false && !isEmpty
}
