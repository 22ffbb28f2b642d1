// The oracle's reading of an answer: what its events say, in the order in which a client gets them.
import type { StreamApi } from '../../src/vocabulary.ts'
import type { WholeBody, WholeEvent } from './read-whole-body.ts'

/** What the events of a body say. */
export interface WholeAnswer {
  /** As asked for, or told from the events where nothing is known. */
  readonly api: StreamApi
  /** Events but `[DONE]`, those after the end among them, and those before it. */
  readonly events: number
  readonly eventsBeforeDone: number
  readonly isDoneSeen: boolean
  /** What ended the answer, if anything did. */
  readonly terminator: 'done' | 'event' | undefined
  /** The event at which a client stops, with a failure. */
  readonly stop: { readonly why: 'upstream' | 'malformed' | 'empty'; readonly event: WholeEvent } | undefined
  /** By choice; empty where it goes on. */
  readonly finishReasons: ReadonlyMap<number, string>
  readonly isFinished: boolean
  readonly hasUsage: boolean
  readonly lateEvents: number
  readonly hasGap: boolean
  readonly hasRepeat: boolean
  readonly lastSequenceNumber: number | undefined
  /** Arguments of tool calls, each as far as it came. */
  readonly toolArguments: readonly string[]
  readonly tail: 'none' | 'cut' | 'whole'
}

type Values = Record<string, unknown>

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.done', 'response.failed'])
const FAILED = new Set(['response.failed', 'thread.run.failed'])

/** Reads the answer of an API that was asked for so many choices. */
export function readWholeAnswer(body: WholeBody, api: StreamApi, choices: number): WholeAnswer {
  const reader = new AnswerReader(api)
  let events = 0
  let eventsBeforeDone: number | undefined
  for (const event of body.events) {
    if (isDone(event)) {
      eventsBeforeDone ??= events
      continue
    }
    events++
    // Clients stop at the first [DONE], and at what they fail on.
    if (eventsBeforeDone === undefined && reader.stop === undefined) reader.take(event)
  }
  const isRead = eventsBeforeDone === undefined && reader.stop === undefined
  const tail = isRead ? reader.takeTail(body.tail) : 'none'
  const isDoneSeen = eventsBeforeDone !== undefined || reader.isDoneInTail
  return {
    api: reader.api,
    events,
    eventsBeforeDone: eventsBeforeDone ?? events,
    isDoneSeen,
    // Gateways append [DONE] to whatever they have: a Responses stream ends with an event of its own.
    terminator:
      reader.terminalType !== undefined ? 'event' : isDoneSeen && reader.api !== 'responses' ? 'done' : undefined,
    stop: reader.stop,
    finishReasons: reader.choices,
    isFinished: reader.isFinished(choices),
    hasUsage: reader.hasUsage,
    lateEvents: reader.lateEvents + (eventsBeforeDone === undefined ? 0 : events - eventsBeforeDone),
    hasGap: reader.hasGap,
    hasRepeat: reader.hasRepeat,
    lastSequenceNumber: reader.lastSequenceNumber,
    toolArguments: [...reader.toolArguments.values()],
    // A terminator that lost its own last bytes takes nothing from an answer that is finished.
    tail: tail === 'cut' && reader.isFinished(choices) && mayBecomeDone(body.tail) ? 'none' : tail,
  }
}

class AnswerReader {
  api: StreamApi
  terminalType: string | undefined
  isDoneInTail = false
  stop: WholeAnswer['stop']
  readonly choices: Map<number, string> = new Map()
  hasUsage = false
  hasGap = false
  hasRepeat = false
  lateEvents = 0
  lastSequenceNumber: number | undefined
  readonly toolArguments: Map<string, string> = new Map()
  readonly #lastCall = new Map<number, string>()

  constructor(api: StreamApi) {
    this.api = api
  }

  /** "A non-empty `finish_reason` for every choice", of those asked for and of those seen. */
  isFinished(choices: number): boolean {
    const reasons = [...this.choices.values()]
    return reasons.length >= Math.max(1, choices) && reasons.every((reason) => reason !== '')
  }

  take(event: WholeEvent): void {
    const parsed = parse(event.data)
    if (event.name === 'error' && parsed === undefined) this.stop = { why: 'upstream', event }
    else if (event.dataLines.every((line) => line === '')) this.stop = { why: 'empty', event }
    else if (parsed === undefined) this.stop = { why: 'malformed', event }
    else this.#read(event, parsed.value)
  }

  /** What the body leaves: a terminator counts without its blank line, and a whole event tells what it tells. */
  takeTail(tail: WholeBody['tail']): WholeAnswer['tail'] {
    if (isDone(tail)) {
      this.isDoneInTail = true
      return 'none'
    }
    const { openLine, dataLines, name } = tail
    const mayBeField = isBeginningOf(openLine, 'data') || isBeginningOf(openLine, 'event')
    if (dataLines.length === 0 && name === '' && !mayBeField) return 'none'
    const parsed = parse(tail.data)
    if (parsed === undefined) return 'cut'
    this.#read(tail, parsed.value)
    return 'whole'
  }

  #read(event: WholeEvent, value: unknown): void {
    const values = isValues(value) ? value : {}
    const type = typeOf(event.name, values)
    if (this.terminalType !== undefined && type !== this.terminalType && isValues(value)) this.lateEvents++
    const isFailure = event.name === 'error' || isError(type, values)
    if (isFailure) this.stop = { why: 'upstream', event }
    if (isFailure && type !== 'response.failed') return
    if (Array.isArray(values['choices']) && !isFailure) this.#readChoices(values)
    else if (type !== undefined) this.#readTyped(type, values)
    if (isValues(values['usage'])) this.hasUsage = true
  }

  #readChoices(value: Values): void {
    if (this.api === 'unknown') this.api = 'chat'
    for (const choice of listOf(value['choices'])) {
      const index = typeof choice['index'] === 'number' ? choice['index'] : 0
      const reason = choice['finish_reason']
      if (isIndex(index)) {
        // "A finish reason may come on every chunk, or turn null again."
        if (typeof reason === 'string' && reason !== '') this.choices.set(index, reason)
        else if (!this.choices.has(index)) this.choices.set(index, '')
      }
      const delta = isValues(choice['delta']) ? choice['delta'] : {}
      for (const call of listOf(delta['tool_calls']))
        if (isValues(call['function'])) this.#readCall(index, call, call['function'])
    }
  }

  /** Pieces may lack their index: then an id begins a call, and what has neither goes on with the last one. */
  #readCall(choice: number, { id, index }: Values, { arguments: piece }: Values): void {
    const named = typeof id === 'string' && id !== '' ? id : this.#lastCall.get(choice)
    const key = isKey(index) ? String(index) : (named ?? '0')
    this.#lastCall.set(choice, key)
    this.#addArguments(`${choice}/${key}`, piece)
  }

  #readTyped(type: string, value: Values): void {
    if (this.api === 'unknown' && type.startsWith('response.')) this.api = 'responses'
    this.#readSequenceNumber(value['sequence_number'])
    const response = isValues(value['response']) ? value['response'] : {}
    if (isValues(response['usage'])) this.hasUsage = true
    // Responses have a status instead of a finish reason.
    const details = isValues(response['incomplete_details']) ? response['incomplete_details'] : {}
    if (response['status'] === 'completed') this.choices.set(0, 'stop')
    const reason = typeof details['reason'] === 'string' && details['reason'] !== '' ? details['reason'] : 'incomplete'
    if (response['status'] === 'incomplete') this.choices.set(0, reason)
    if (type === 'response.function_call_arguments.delta') {
      const { output_index: index, item_id: id, delta } = value
      this.#addArguments(isKey(index) ? String(index) : isKey(id) ? String(id) : '0', delta)
    }
    if (TERMINAL.has(type)) this.terminalType ??= type
  }

  #readSequenceNumber(number: unknown): void {
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) return
    const last = this.lastSequenceNumber
    if (last !== undefined && number > last + 1) this.hasGap = true
    if (last !== undefined && number <= last) this.hasRepeat = true
    this.lastSequenceNumber = last === undefined ? number : Math.max(number, last)
  }

  #addArguments(key: string, piece: unknown): void {
    if (typeof piece === 'string') this.toolArguments.set(key, (this.toolArguments.get(key) ?? '') + piece)
  }
}

/** A line that nothing ended: the field itself, or the beginning of its name. */
function isBeginningOf(line: string, field: string): boolean {
  return line !== '' && (field.startsWith(line) || line.startsWith(`${field}:`))
}

function mayBecomeDone({ name, data }: WholeEvent): boolean {
  return name === '' && '[DONE]'.startsWith(data)
}

/** As openai 4 to 6 tell it, the more lenient of the clients. */
function isDone({ data }: WholeEvent): boolean {
  return data.startsWith('[DONE]')
}

function isError(type: string | undefined, values: Values): boolean {
  return Boolean(values['error']) || values['object'] === 'error' || type === 'error' || FAILED.has(type ?? '')
}

/** Events of assistants have their type in their name, all others in their data: the SDKs hand on no other name. */
function typeOf(name: string, { type }: Values): string | undefined {
  if (name.startsWith('thread.')) return name
  return typeof type === 'string' ? type : undefined
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): readonly Values[] {
  return Array.isArray(value) ? value.filter(isValues) : []
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
