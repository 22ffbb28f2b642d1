import { CREATED_SECONDS, wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import { PROMPT_CHUNK, PROMPT_FILTER_RESULTS, filterChoice } from './azure.ts'
import type { Random } from './random.ts'
import type { StreamEvent, StreamEventKind } from './stream-event.ts'
import { TOOL_CALL, callsTool, countTokens, inventPieces } from './text.ts'

/** One choice: its deltas in the order of arrival, and the message they add up to. */
interface Choice {
  readonly opening: object
  readonly deltas: readonly object[]
  readonly message: object
  readonly finishReason: string
}

const textChoice = (random: Random, shape: AnswerShape): Choice => {
  const pieces = inventPieces(random, shape)
  return {
    opening: { role: 'assistant', content: '', refusal: null },
    deltas: pieces.map((content) => ({ content })),
    message: { role: 'assistant', content: pieces.join(''), refusal: null },
    finishReason: 'stop',
  }
}

const toolChoice = (random: Random): Choice => {
  const id = `call_${random.letters(24)}`
  const { name, argumentPieces } = TOOL_CALL
  return {
    opening: {
      role: 'assistant',
      content: null,
      tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: '' } }],
    },
    deltas: argumentPieces.map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
    message: {
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: { name, arguments: argumentPieces.join('') } }],
    },
    finishReason: 'tool_calls',
  }
}

/** The n-th deltas of all choices stand together, as they do where choices are generated side by side. */
const interleave = (choices: readonly Choice[]): readonly (readonly [index: number, delta: object])[] => {
  const longest = Math.max(...choices.map(({ deltas }) => deltas.length))
  return Array.from({ length: longest }, (_, turn) =>
    choices.flatMap(({ deltas }, index) => {
      const delta = deltas[turn]
      return delta === undefined ? [] : [[index, delta] as const]
    }),
  ).flat()
}

const formatUsage = (pieces: number): object => {
  const { input, output, total } = countTokens(pieces)
  return { prompt_tokens: input, completion_tokens: output, total_tokens: total }
}

const formatChoice = (index: number, delta: object, finishReason: string | null = null): object => ({
  index,
  delta,
  logprobs: null,
  finish_reason: finishReason,
})

/** Answers `POST /v1/chat/completions`. */
export const buildChatAnswer = (request: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const id = `chatcmpl-${random.letters(29)}`
  const systemFingerprint = `fp_${random.letters(10).toLowerCase()}`
  const { model, includeUsage } = request
  const isAzure = request.isAzure || shape.azure === true
  const choices = Array.from({ length: shape.choices ?? request.choices }, () =>
    callsTool(request, shape) ? toolChoice(random) : textChoice(random, shape),
  )
  const deltas = interleave(choices)
  const shared = { created: CREATED_SECONDS, model, system_fingerprint: systemFingerprint }
  const chunk = (kind: StreamEventKind, chunkChoices: readonly object[], usage: object | null = null): StreamEvent => ({
    kind,
    data: JSON.stringify({
      id,
      object: 'chat.completion.chunk',
      ...shared,
      choices: isAzure ? chunkChoices.map((choice) => filterChoice(choice, kind === 'delta')) : chunkChoices,
      ...(includeUsage ? { usage } : {}),
    }),
  })
  return {
    events: [
      ...(isAzure ? [PROMPT_CHUNK] : []),
      ...choices.map(({ opening }, index) => chunk('opening', [formatChoice(index, opening)])),
      ...deltas.map(([index, delta]) => chunk('delta', [formatChoice(index, delta)])),
      ...choices.map(({ finishReason }, index) => chunk('finish', [formatChoice(index, {}, finishReason)])),
      ...(includeUsage ? [chunk('usage', [], formatUsage(deltas.length))] : []),
      { kind: 'terminator', data: '[DONE]' },
    ],
    whole: wholeJson({
      id,
      object: 'chat.completion',
      ...shared,
      choices: choices.map(({ message, finishReason }, index) => {
        const choice = { index, message, logprobs: null, finish_reason: finishReason }
        return isAzure ? filterChoice(choice, true) : choice
      }),
      ...(isAzure ? { prompt_filter_results: PROMPT_FILTER_RESULTS } : {}),
      usage: formatUsage(deltas.length),
    }),
  }
}
