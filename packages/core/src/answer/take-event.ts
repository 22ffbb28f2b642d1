import type { ChunkKind } from '../vocabulary.ts'
import { MAX_CHOICES, type Answer, type Usage } from './answer.ts'
import { takeArguments } from './tool-arguments.ts'

/**
 * Takes what one event says into the answer, and tells which kind of chunk it was. Never throws, whatever the value: a
 * shape that nobody documented is a lifecycle chunk.
 *
 * @param value the event's JSON, decoded
 * @param eventIndex its index among the stream's events
 * @param isErrorEvent its `event:` field was `error`
 */
export function takeEvent(answer: Answer, value: unknown, eventIndex: number, isErrorEvent: boolean): ChunkKind {
  const kind = isRecord(value) ? takeRecord(answer, value, eventIndex, isErrorEvent) : 'lifecycle'
  answer.chunks[kind]++
  return kind
}

type Json = Record<string, unknown>

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
  return FAILED_EVENTS.has(type) || type === 'error' || event['object'] === 'error' || Boolean(event['error'])
}

function takeChoices(answer: Answer, event: Json, choices: readonly unknown[]): ChunkKind {
  if (answer.api === 'unknown') answer.api = 'chat'
  answer.id ??= nonEmpty(event['id'])
  answer.model ??= nonEmpty(event['model'])
  answer.systemFingerprint ??= nonEmpty(event['system_fingerprint'])
  answer.serviceTier ??= nonEmpty(event['service_tier'])
  const usage = event['usage']
  if (isRecord(usage)) answer.usage = chatUsage(usage)
  let isOutput = false
  for (const choice of choices) if (isRecord(choice) && takeChoice(answer, choice)) isOutput = true
  if (isOutput) return 'output'
  return choices.length === 0 && isRecord(usage) ? 'usage' : 'lifecycle'
}

/** Takes one choice; says whether it brought output. */
function takeChoice(answer: Answer, choice: Json): boolean {
  const index = typeof choice['index'] === 'number' ? choice['index'] : 0
  const reason = choice['finish_reason']
  if (Number.isInteger(index) && index >= 0 && index < MAX_CHOICES) {
    // A reason stays once it came: some servers send null again after it. An empty one is none.
    while (answer.finishReasons.length <= index) answer.finishReasons.push(undefined)
    if (typeof reason === 'string' && reason !== '') answer.finishReasons[index] = reason.slice(0, MAX_NAME)
    else answer.finishReasons[index] ??= null
  }
  const delta = choice['delta']
  if (!isRecord(delta)) return typeof choice['text'] === 'string' && choice['text'] !== ''
  const calls = delta['tool_calls']
  if (Array.isArray(calls)) takeToolCalls(answer, index, calls)
  return hasOutput(delta)
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
  for (let position = 0; position < calls.length; position++) {
    const call = calls[position]
    if (!isRecord(call) || !isRecord(call['function'])) continue
    // Pieces may lack their index: then an id begins a call, and what has neither goes on with the last one.
    const index = text(call['index']) ?? nonEmpty(call['id']) ?? answer.lastToolCall.get(choice) ?? `${position}`
    answer.lastToolCall.set(choice, index)
    takeArguments(answer.toolArguments, `${choice}/${index}`, call['function']['arguments'])
  }
}

function takeResponseEvent(answer: Answer, event: Json, type: string, eventIndex: number): ChunkKind {
  if (answer.api === 'unknown' && type.startsWith('response.')) answer.api = 'responses'
  takeSequenceNumber(answer, event['sequence_number'], eventIndex)
  const response = event['response']
  if (isRecord(response)) takeResponse(answer, response)
  if (TERMINAL_EVENTS.has(type)) {
    answer.terminalEvent ??= type
    const usage = event['usage']
    if (isRecord(usage)) answer.usage = responseUsage(usage)
    return 'lifecycle'
  }
  if (type === 'response.function_call_arguments.delta') {
    takeArguments(answer.toolArguments, text(event['output_index']) ?? text(event['item_id']) ?? '0', event['delta'])
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
  if (isRecord(response['usage'])) answer.usage = responseUsage(response['usage'])
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
  const usage = event['usage']
  if (!isRecord(usage)) return 'lifecycle'
  answer.usage = chatUsage(usage)
  return 'usage'
}

function chatUsage(usage: Json): Usage {
  const input = usage['prompt_tokens_details']
  const output = usage['completion_tokens_details']
  return {
    inputTokens: count(usage['prompt_tokens']),
    outputTokens: count(usage['completion_tokens']),
    cacheReadInputTokens: isRecord(input) ? count(input['cached_tokens']) : undefined,
    reasoningOutputTokens: isRecord(output) ? count(output['reasoning_tokens']) : undefined,
  }
}

function responseUsage(usage: Json): Usage {
  const input = usage['input_tokens_details']
  const output = usage['output_tokens_details']
  return {
    inputTokens: count(usage['input_tokens']),
    outputTokens: count(usage['output_tokens']),
    cacheReadInputTokens: isRecord(input) ? count(input['cached_tokens']) : undefined,
    reasoningOutputTokens: isRecord(output) ? count(output['reasoning_tokens']) : undefined,
  }
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

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, MAX_NAME) : undefined
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME) : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Longest id, model name or code kept, in UTF-16 units. */
const MAX_NAME = 256
