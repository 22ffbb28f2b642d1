import type { ChunkKind } from '../vocabulary.ts'
import { MAX_CHOICES, type Answer } from './answer.ts'
import { isRecord, type Json } from './json-record.ts'
import { readUsage } from './read-usage.ts'
import { takeArguments, type ToolArguments } from './tool-arguments.ts'

/**
 * Takes what one event says into the answer, and tells which kind of chunk it was. Never throws, whatever the value: a
 * shape that nobody documented is a lifecycle chunk.
 *
 * @param value the event's JSON, decoded
 * @param eventIndex its index among the stream's events
 * @param isErrorEvent its `event:` field was `error`
 */
export function takeEvent(answer: Answer, value: unknown, eventIndex: number, isErrorEvent: boolean): ChunkKind {
  const kind = isRecord(value)
    ? takeRecord(answer, value, eventIndex, isErrorEvent)
    : takeValue(answer, eventIndex, isErrorEvent)
  answer.chunks[kind]++
  return kind
}

/** What is no object says nothing, but that its event is called an error. */
function takeValue(answer: Answer, eventIndex: number, isErrorEvent: boolean): ChunkKind {
  if (!isErrorEvent) return 'lifecycle'
  answer.upstreamErrorAt ??= eventIndex
  return 'error'
}

function takeRecord(answer: Answer, value: Json, eventIndex: number, isErrorEvent: boolean): ChunkKind {
  const event = unwrap(value)
  // Several images each have an end of their own.
  if (answer.terminalEvent !== undefined && event['type'] !== answer.terminalEvent) answer.lateEvents++
  if (isErrorEvent || isError(event)) {
    answer.upstreamErrorAt ??= eventIndex
    // A failed response is an error and an end at once, and carries the usage.
    if (event['type'] === 'response.failed') takeResponseEvent(answer, event, 'response.failed', eventIndex)
    return 'error'
  }
  const choices = event['choices']
  if (Array.isArray(choices)) return takeChoices(answer, event, choices)
  const type = event['type']
  return typeof type === 'string' ? takeResponseEvent(answer, event, type, eventIndex) : takeOther(answer, event)
}

/** Assistants, and SDKs asked to, hand an event over as `{event, data}`: its name stands for the type then. */
function unwrap(value: Json): Json {
  const { event, data } = value
  if (typeof event !== 'string' || !isRecord(data)) return value
  return event.startsWith('thread.') ? { ...data, type: event } : data
}

/** Whether an event carries an error, in any of the shapes that servers use. */
function isError(event: Json): boolean {
  const type = event['type']
  // What is falsy no SDK takes for an error, and events of Responses may say `error: null`.
  if (event['object'] === 'error' || Boolean(event['error'])) return true
  return type !== undefined && (type === 'error' || FAILED_EVENTS.has(type))
}

function takeChoices(answer: Answer, event: Json, choices: readonly unknown[]): ChunkKind {
  if (answer.api === 'unknown') answer.api = 'chat'
  answer.id ??= nonEmpty(event['id'])
  answer.model ??= nonEmpty(event['model'])
  answer.systemFingerprint ??= nonEmpty(event['system_fingerprint'])
  answer.serviceTier ??= nonEmpty(event['service_tier'])
  let isOutput = false
  for (let i = 0; i < choices.length; i++) {
    const choice = choices[i]
    if (isRecord(choice) && takeChoice(answer, choice, i)) isOutput = true
  }
  // After the choices: where the event has usage of its own, it is that of all of them.
  const hasUsage = takeUsage(answer, event)
  if (isOutput) return 'output'
  return choices.length === 0 && hasUsage ? 'usage' : 'lifecycle'
}

/** Takes one choice; says whether it brought output. */
function takeChoice(answer: Answer, choice: Json, position: number): boolean {
  const index = indexOf(choice, position)
  if (index < MAX_CHOICES) {
    // A reason stays once it came: some servers send null again after it.
    while (answer.finishReasons.length <= index) answer.finishReasons = [...answer.finishReasons, undefined]
    const reason = reasonOf(choice['finish_reason'])
    if (reason !== undefined) answer.finishReasons[index] = reason
    else answer.finishReasons[index] ??= null
  }
  // Moonshot has it there, in the last chunk.
  if (isRecord(choice['usage'])) answer.usage = readUsage(choice['usage'])
  const delta = choice['delta']
  if (!isRecord(delta)) return typeof choice['text'] === 'string' && choice['text'] !== ''
  const calls = delta['tool_calls']
  if (Array.isArray(calls)) takeToolCalls(answer, index, calls)
  // What tools were called before they were called tools: at most one, without an id.
  const call = delta['function_call']
  if (isRecord(call)) takeArguments(toolArgumentsOf(answer), `${index}/function_call`, call['arguments'])
  return hasOutput(delta)
}

/** The index of a choice, also as a text; its position in the event where it has none. */
function indexOf(choice: Json, position: number): number {
  const index = choice['index'] ?? position
  const number = typeof index === 'string' && /^\d{1,3}$/.test(index) ? Number(index) : index
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : 0
}

/** A finish reason as a text; `undefined` where there is none, and an empty one is none. */
function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return nonEmpty(reason)
  // Servers that pass on what their engine says have numbers, of which 0 is "none", and objects.
  if (typeof reason === 'number') return reason === 0 ? undefined : String(reason)
  if (!isRecord(reason) || Object.keys(reason).length === 0) return undefined
  return nonEmpty(reason['type']) ?? nonEmpty(reason['reason']) ?? 'other'
}

/** Any delta but the role that opens the answer: text, reasoning, refusal, tool calls, audio. */
function hasOutput(delta: Json): boolean {
  for (const key in delta) {
    if (key === 'role') continue
    const value = delta[key]
    if (value !== null && value !== undefined && value !== '' && value !== false) return true
  }
  return false
}

function takeToolCalls(answer: Answer, choice: number, calls: readonly unknown[]): void {
  const lastOfChoice = (answer.lastToolCall ??= new Map())
  for (let position = 0; position < calls.length; position++) {
    const call = calls[position]
    if (!isRecord(call) || !isRecord(call['function'])) continue
    // Pieces may lack their index: then an id begins a call, and what has neither goes on with the last one.
    const index = text(call['index']) ?? nonEmpty(call['id']) ?? lastOfChoice.get(choice) ?? `${position}`
    lastOfChoice.set(choice, index)
    takeArguments(toolArgumentsOf(answer), `${choice}/${index}`, call['function']['arguments'])
  }
}

/** Most answers call no tool. */
function toolArgumentsOf(answer: Answer): Map<string, ToolArguments> {
  return (answer.toolArguments ??= new Map())
}

function takeResponseEvent(answer: Answer, event: Json, type: string, eventIndex: number): ChunkKind {
  if (answer.api === 'unknown' && type.startsWith('response.')) answer.api = 'responses'
  takeSequenceNumber(answer, event['sequence_number'], eventIndex)
  const response = event['response']
  if (isRecord(response)) takeResponse(answer, response)
  if (TERMINAL_EVENTS.has(type)) {
    answer.terminalEvent ??= type
    takeUsage(answer, event)
    return 'lifecycle'
  }
  if (type === 'response.function_call_arguments.delta' || type === 'response.mcp_call_arguments.delta') {
    takeArguments(toolArgumentsOf(answer), text(event['output_index']) ?? text(event['item_id']) ?? '0', event['delta'])
  }
  return isOutputType(type) ? 'output' : 'lifecycle'
}

function isOutputType(type: string): boolean {
  return type.endsWith('.delta') || type.endsWith('.partial_image') || type === 'transcript.text.segment'
}

function takeResponse(answer: Answer, response: Json): void {
  answer.id ??= nonEmpty(response['id'])
  answer.model ??= nonEmpty(response['model'])
  answer.serviceTier = nonEmpty(response['service_tier']) ?? answer.serviceTier
  takeUsage(answer, response)
  const status = response['status']
  if (status === 'completed' || status === 'incomplete') answer.finishReasons[0] = finishReasonOf(response, status)
}

/** Responses have no finish reason: `completed` is `stop`, and what cut an incomplete one is its reason. */
function finishReasonOf(response: Json, status: string): string {
  if (status === 'completed') return 'stop'
  const details = response['incomplete_details']
  return (isRecord(details) ? nonEmpty(details['reason']) : undefined) ?? 'incomplete'
}

/** Numbers follow each other; the first one may be any, since a resumed stream begins in the middle. */
function takeSequenceNumber(answer: Answer, received: unknown, eventIndex: number): void {
  if (typeof received !== 'number' || !Number.isSafeInteger(received)) return
  const last = answer.lastSequenceNumber
  if (last !== undefined && received > last + 1) {
    answer.sequenceGaps++
    answer.sequenceGap ??= { expected: last + 1, received, eventIndex }
  }
  if (last !== undefined && received <= last) {
    answer.sequenceRepeats++
    answer.sequenceRepeat ??= { expected: last + 1, received, eventIndex }
  }
  if (last === undefined || received > last) answer.lastSequenceNumber = received
}

/** What is neither a list of choices nor a typed event: usage on its own, say. */
function takeOther(answer: Answer, event: Json): ChunkKind {
  answer.id ??= nonEmpty(event['id'])
  answer.model ??= nonEmpty(event['model'])
  return takeUsage(answer, event) ? 'usage' : 'lifecycle'
}

/** Takes the usage of an event, or of its response; says whether there was any. */
function takeUsage(answer: Answer, event: Json): boolean {
  // Groq has it in a place of its own where nobody asked for it.
  const groq = event['x_groq']
  const usage = event['usage'] ?? (isRecord(groq) ? groq['usage'] : undefined)
  if (!isRecord(usage)) return false
  answer.usage = readUsage(usage)
  return true
}

/** Events that say that the server failed. */
const FAILED_EVENTS: ReadonlySet<unknown> = new Set(['response.failed', 'thread.run.failed', 'thread.run.expired'])

/** Events that end an answer without any `[DONE]`. */
const TERMINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.failed',
  'response.incomplete',
  'response.done',
  'image_generation.completed',
  'image_edit.completed',
  'transcript.text.done',
  'speech.audio.done',
])

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, MAX_NAME) : undefined
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME) : undefined
}

/** Longest id, model name or code kept, in UTF-16 units. */
const MAX_NAME = 256
