import { isRecord, type Json } from './records.ts'

/** What an app was handed of an answer. */
export interface PartialAnswer {
  /** Chunks that were handed over. After a restart, those of the last attempt that brought any. */
  readonly chunks: number
  /** Text of the first choice. */
  readonly text: string
  /** Text of every choice, by its index. */
  readonly texts: readonly string[]
  readonly toolCalls: readonly PartialToolCall[]
  /** More came than `MAX_PARTIAL_LENGTH`, and the rest is not in here. */
  readonly isCut: boolean
  /** Responses: which one it was, and up to where it came. */
  readonly responseId?: string | undefined
  readonly lastSequenceNumber?: number | undefined
}

/** A call that the model made of a tool, as far as it came. */
export interface PartialToolCall {
  readonly choice: number
  readonly id?: string | undefined
  readonly name: string
  /** The text of the arguments: JSON, where `isComplete`. */
  readonly arguments: string
  readonly isComplete: boolean
}

/** Most text that is kept of an answer, arguments of tools among it, in UTF-16 units. */
export const MAX_PARTIAL_LENGTH = 262_144

/** Most choices and most tool calls that are told apart; what belongs to others is cut. */
export const MAX_PARTIAL_PARTS = 128

interface Call {
  readonly choice: number
  id: string | undefined
  name: string
  text: string
}

/** Gathers what the chunks of an answer bring, in any of the shapes in which chat, completions and Responses stream. */
export class PartialCollector {
  chunks = 0
  /** Something other than text was shown: reasoning, a refusal, a tool call, audio. It can't be continued from text. */
  hasOtherOutput = false
  isCut = false
  responseId: string | undefined
  lastSequenceNumber: number | undefined
  isBackground = false
  readonly #texts: (string | undefined)[] = []
  readonly #calls = new Map<string, Call>()
  #lastCall = ''
  #length = 0

  /** Takes a chunk. Never throws, whatever it is. */
  add(chunk: unknown): void {
    this.chunks++
    if (!isRecord(chunk)) return
    // openai 4 hands events with a name that it doesn't know over like this.
    const event = typeof chunk['event'] === 'string' && isRecord(chunk['data']) ? chunk['data'] : chunk
    const { choices, type } = event
    if (Array.isArray(choices)) choices.forEach((choice, at) => isRecord(choice) && this.#takeChoice(choice, at))
    else if (typeof type === 'string') this.#takeEvent(event, type)
  }

  /** What was handed over does not count any more. */
  clear(): void {
    this.chunks = 0
    this.hasOtherOutput = false
    this.isCut = false
    this.responseId = undefined
    this.lastSequenceNumber = undefined
    this.isBackground = false
    this.#texts.length = 0
    this.#calls.clear()
    this.#lastCall = ''
    this.#length = 0
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
    const toolCalls = Array.from(this.#calls.values(), (call): PartialToolCall => {
      const { choice, id, name, text: argumentText } = call
      return { choice, id, name, arguments: argumentText, isComplete: isWholeJson(argumentText) }
    })
    return { chunks, text, texts, toolCalls, isCut, responseId, lastSequenceNumber }
  }

  #takeChoice(choice: Json, position: number): void {
    const index = readIndex(choice['index'], position)
    if (typeof choice['text'] === 'string') this.#addText(index, choice['text'])
    const { delta } = choice
    if (!isRecord(delta)) return
    for (const [key, value] of Object.entries(delta)) {
      if (key === 'content' && typeof value === 'string') this.#addText(index, value)
      else if (key === 'tool_calls' && Array.isArray(value)) this.#takeCalls(index, value)
      else if (key === 'function_call' && isRecord(value)) {
        this.#addToCall(`${index}/function_call`, index, { ...value, id: undefined })
      } else if (key !== 'role' && isOutput(value)) this.hasOtherOutput = true
    }
  }

  #takeCalls(choice: number, pieces: readonly unknown[]): void {
    for (const [position, piece] of pieces.entries()) {
      if (!isRecord(piece)) continue
      // Pieces may lack their index: then an id begins a call, and what has neither goes on with the last one.
      const { index, id } = piece
      const known = readKey(index) ?? readKey(id)
      const key = known === undefined ? this.#lastCall || `${choice}/${position}` : `${choice}/${known}`
      const details = isRecord(piece['function']) ? piece['function'] : isRecord(piece['custom']) ? piece['custom'] : {}
      this.#addToCall(key, choice, { id, ...details })
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
    if (type === 'response.output_text.delta' && typeof delta === 'string') this.#addText(0, delta)
    else if (type === 'response.function_call_arguments.delta') this.#addToCall(key, 0, { arguments: delta })
    else if (type === 'response.output_item.added' && isRecord(item) && item['type'] === 'function_call') {
      this.#addToCall(key, 0, { id: item['call_id'], name: item['name'] })
    } else if (type.endsWith('.delta')) this.hasOtherOutput = true
  }

  #addText(index: number, text: string): void {
    if (index >= MAX_PARTIAL_PARTS) {
      this.isCut ||= text !== ''
      return
    }
    this.#texts[index] = (this.#texts[index] ?? '') + this.#fit(text)
  }

  #addToCall(key: string, choice: number, piece: Json): void {
    this.hasOtherOutput = true
    this.#lastCall = key
    let call = this.#calls.get(key)
    if (call === undefined) {
      if (this.#calls.size >= MAX_PARTIAL_PARTS) {
        this.isCut = true
        return
      }
      call = { choice, id: undefined, name: '', text: '' }
      this.#calls.set(key, call)
    }
    const { id, name } = piece
    const text = piece['arguments'] ?? piece['input']
    if (call.id === undefined && typeof id === 'string' && id !== '') call.id = this.#fit(id)
    if (call.name === '' && typeof name === 'string') call.name = this.#fit(name)
    // Some servers hand arguments over as the object that they are.
    if (typeof text === 'string') call.text += this.#fit(text)
    else if (isRecord(text)) call.text += this.#fit(JSON.stringify(text))
  }

  #fit(text: string): string {
    const fitting = text.slice(0, MAX_PARTIAL_LENGTH - this.#length)
    this.isCut ||= fitting.length < text.length
    this.#length += fitting.length
    return fitting
  }
}

function readIndex(index: unknown, position: number): number {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : position
}

function readKey(key: unknown): string | undefined {
  return typeof key === 'number' || (typeof key === 'string' && key !== '') ? String(key) : undefined
}

function isOutput(value: unknown): boolean {
  const isEmpty = Array.isArray(value) && value.length === 0
  return value !== null && value !== undefined && value !== '' && value !== false && !isEmpty
}

/** A tool without parameters may be called without arguments. */
export function isWholeJson(text: string): boolean {
  if (text.trim() === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
