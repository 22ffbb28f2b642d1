import { CREATED_SECONDS, wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent, StreamEventKind } from './stream-event.ts'
import { TOOL_CALL, callsTool, countTokens, inventPieces } from './text.ts'

/** An event without its `sequence_number`, which is its place in the stream. */
type Step = readonly [kind: StreamEventKind, type: string, fields: object]

/** The one output item of an answer: the steps in which it arrives, and what it is in the end. */
interface OutputItem {
  readonly steps: readonly Step[]
  readonly item: object
  readonly pieces: number
}

const formatPart = (text: string): object => ({ type: 'output_text', annotations: [], logprobs: [], text })

const messageItem = (random: Random, shape: AnswerShape): OutputItem => {
  const pieces = inventPieces(random, shape)
  const id = `msg_${random.letters(48).toLowerCase()}`
  const place = { item_id: id, output_index: 0, content_index: 0 }
  const item = (status: string, content: readonly object[]): object => ({
    id,
    type: 'message',
    status,
    content,
    role: 'assistant',
  })
  const whole = pieces.join('')
  const done = item('completed', [formatPart(whole)])
  return {
    steps: [
      ['opening', 'response.output_item.added', { output_index: 0, item: item('in_progress', []) }],
      ['opening', 'response.content_part.added', { ...place, part: formatPart('') }],
      ...pieces.map((delta): Step => ['delta', 'response.output_text.delta', { ...place, delta, logprobs: [] }]),
      ['finish', 'response.output_text.done', { ...place, text: whole, logprobs: [] }],
      ['finish', 'response.content_part.done', { ...place, part: formatPart(whole) }],
      ['finish', 'response.output_item.done', { output_index: 0, item: done }],
    ],
    item: done,
    pieces: pieces.length,
  }
}

const functionCallItem = (random: Random): OutputItem => {
  const id = `fc_${random.letters(48).toLowerCase()}`
  const callId = `call_${random.letters(24)}`
  const { name, argumentPieces } = TOOL_CALL
  const place = { item_id: id, output_index: 0 }
  const item = (status: string, text: string): object => ({
    id,
    type: 'function_call',
    status,
    arguments: text,
    call_id: callId,
    name,
  })
  const whole = argumentPieces.join('')
  const done = item('completed', whole)
  return {
    steps: [
      ['opening', 'response.output_item.added', { output_index: 0, item: item('in_progress', '') }],
      ...argumentPieces.map((delta): Step => ['delta', 'response.function_call_arguments.delta', { ...place, delta }]),
      ['finish', 'response.function_call_arguments.done', { ...place, arguments: whole }],
      ['finish', 'response.output_item.done', { output_index: 0, item: done }],
    ],
    item: done,
    pieces: argumentPieces.length,
  }
}

const formatUsage = (pieces: number): object => {
  const { input, output, total } = countTokens(pieces)
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: total,
  }
}

const ENDINGS = {
  completed: { error: null, incomplete_details: null },
  incomplete: { error: null, incomplete_details: { reason: 'max_output_tokens' } },
  failed: {
    error: { code: 'server_error', message: 'The model failed to generate a response.' },
    incomplete_details: null,
  },
} as const

/** Answers `POST /v1/responses` and `GET /v1/responses/:id`. */
export const buildResponsesAnswer = (request: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const id = `resp_${random.letters(48).toLowerCase()}`
  const { steps, item, pieces } = callsTool(request, shape) ? functionCallItem(random) : messageItem(random, shape)
  const end = shape.end ?? 'completed'
  const response = (status: string, fields: object): object => ({
    id,
    object: 'response',
    created_at: CREATED_SECONDS,
    status,
    model: request.model,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    output: [],
    usage: null,
    ...fields,
  })
  const started = { response: response('in_progress', {}) }
  const ended = response(end, { ...ENDINGS[end], output: [item], usage: formatUsage(pieces) })
  const all: readonly Step[] = [
    ['opening', 'response.created', started],
    ['opening', 'response.in_progress', started],
    ...steps,
    ['terminator', `response.${end}`, { response: ended }],
  ]
  return {
    events: all.map(([kind, type, fields], sequenceNumber): StreamEvent => ({
      kind,
      name: type,
      data: JSON.stringify({ type, ...fields, sequence_number: sequenceNumber }),
    })),
    whole: wholeJson(ended),
  }
}

/** The id of the response that an answer is about. */
export const readResponseId = (answer: Answer): string =>
  (JSON.parse(String(answer.whole.body)) as { readonly id: string }).id
