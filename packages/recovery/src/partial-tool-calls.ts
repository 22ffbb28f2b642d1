import { isRecord, type Json } from './records.ts'
import { MAX_PARTIAL_PARTS, type TextBudget } from './text-budget.ts'

/** What a tool is called with: JSON that fits a schema (`function`), or any text (`custom`). */
export type ToolCallType = 'function' | 'custom'

/** A call that the model made of a tool, as far as it came. */
export interface PartialToolCall {
  readonly choice: number
  readonly type: ToolCallType
  readonly id?: string | undefined
  readonly name: string
  /** The text of the arguments: JSON, where `isComplete`; of a custom tool, its input. */
  readonly arguments: string
  /** The arguments are JSON; of a custom tool, the server has said that its input is over. */
  readonly isComplete: boolean
}

interface Call {
  readonly choice: number
  readonly type: ToolCallType
  id: string
  name: string
  text: string
  isOver: boolean
}

/** The tool calls of an answer, put together from their pieces. */
export class ToolCallCollector {
  readonly #budget: TextBudget
  readonly #calls = new Map<string, Call>()
  #lastKey = ''

  constructor(budget: TextBudget) {
    this.#budget = budget
  }

  get calls(): PartialToolCall[] {
    return Array.from(this.#calls.values(), ({ choice, type, id, name, text, isOver }) => ({
      choice,
      type,
      id: id === '' ? undefined : id,
      name,
      arguments: text,
      isComplete: type === 'custom' ? isOver : isWholeJson(text),
    }))
  }

  /** Takes the pieces that a chunk of chat brings. */
  addPieces(choice: number, pieces: readonly unknown[]): void {
    for (const [position, piece] of pieces.entries()) {
      if (!isRecord(piece)) continue
      // Pieces may lack their index: then an id begins a call, and what has neither goes on with the last one.
      const { index, id } = piece
      const known = readKey(index) ?? readKey(id)
      const key = known === undefined ? this.#lastKey || `${choice}/${position}` : `${choice}/${known}`
      const isCustom = isRecord(piece['custom'])
      const details = isRecord(piece['function']) ? piece['function'] : isCustom ? (piece['custom'] as Json) : {}
      this.add(key, choice, isCustom ? 'custom' : 'function', { id, ...details })
    }
  }

  add(key: string, choice: number, type: ToolCallType, piece: Json): void {
    this.#lastKey = key
    let call = this.#calls.get(key)
    if (call === undefined) {
      if (this.#calls.size >= MAX_PARTIAL_PARTS) {
        this.#budget.isCut = true
        return
      }
      call = { choice, type, id: '', name: '', text: '', isOver: false }
      this.#calls.set(key, call)
    }
    const { id, name } = piece
    const text = piece['arguments'] ?? piece['input']
    if (call.id === '' && typeof id === 'string') call.id = this.#budget.fit(id)
    if (call.name === '' && typeof name === 'string') call.name = this.#budget.fit(name)
    // Some servers hand arguments over as the object that they are.
    if (typeof text === 'string') call.text += this.#budget.fit(text)
    else if (isRecord(text)) call.text += this.#budget.fit(JSON.stringify(text))
  }

  /** The calls of a choice are over. */
  finish(choice: number): void {
    for (const call of this.#calls.values()) if (call.choice === choice) call.isOver = true
  }

  /** Takes a call as a response has it at its end, which counts for more than the pieces of it: some may not have come. */
  settle(place: string, item: Json): void {
    const type = readItemType(item)
    if (type === undefined) return
    const { call_id: id } = item
    const text = item['arguments'] ?? item['input']
    const key = this.#findKey(place, id)
    const before = this.#calls.get(key)
    // Some servers leave the arguments out at the end.
    if (before !== undefined && text !== undefined && text !== '') {
      this.#budget.giveBack(before.text)
      before.text = ''
    }
    this.add(key, 0, type, before?.text ? { id, name: item['name'] } : { ...item, id })
    const call = this.#calls.get(key)
    if (call !== undefined) call.isOver = true
  }

  /** The call of that id, wherever it stood before; else that of the place, if it isn't another. */
  #findKey(place: string, id: unknown): string {
    for (const [key, call] of this.#calls) if (call.id !== '' && call.id === id) return key
    const there = this.#calls.get(place)
    return there === undefined || there.id === '' ? place : `${place}/${readKey(id) ?? ''}`
  }

  clear(): void {
    this.#calls.clear()
    this.#lastKey = ''
  }
}

/** What calls a tool of the app, among the items of a response. */
export function readItemType(item: Json): ToolCallType | undefined {
  if (item['type'] === 'function_call') return 'function'
  return item['type'] === 'custom_tool_call' ? 'custom' : undefined
}

/** Longest key by which a call is known, in UTF-16 units. */
const MAX_KEY_LENGTH = 256

export function readKey(key: unknown): string | undefined {
  return typeof key === 'number' || (typeof key === 'string' && key !== '')
    ? String(key).slice(0, MAX_KEY_LENGTH)
    : undefined
}

/** A tool without parameters may be called without arguments. */
function isWholeJson(text: string): boolean {
  if (text.trim() === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
