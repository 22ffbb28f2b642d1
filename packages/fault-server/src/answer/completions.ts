import { CREATED_SECONDS, wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent, StreamEventKind } from './stream-event.ts'
import { countTokens, inventPieces } from './text.ts'

const formatUsage = (pieces: number): object => {
  const { input, output, total } = countTokens(pieces)
  return { prompt_tokens: input, completion_tokens: output, total_tokens: total }
}

const formatChoice = (index: number, text: string, finishReason: string | null = null): object => ({
  text,
  index,
  logprobs: null,
  finish_reason: finishReason,
})

/** Answers `POST /v1/completions`. */
export const buildCompletionsAnswer = (request: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const id = `cmpl-${random.letters(29)}`
  const { model, includeUsage } = request
  const texts = Array.from({ length: shape.choices ?? request.choices }, () => inventPieces(random, shape))
  const count = texts.flat().length
  const shared = { id, object: 'text_completion', created: CREATED_SECONDS, model }
  const chunk = (kind: StreamEventKind, choices: readonly object[], usage: object | null = null): StreamEvent => ({
    kind,
    data: JSON.stringify({ ...shared, choices, ...(includeUsage ? { usage } : {}) }),
  })
  return {
    events: [
      ...texts.flatMap((pieces, index) => pieces.map((text) => chunk('delta', [formatChoice(index, text)]))),
      ...texts.map((_, index) => chunk('finish', [formatChoice(index, '', 'stop')])),
      ...(includeUsage ? [chunk('usage', [], formatUsage(count))] : []),
      { kind: 'terminator', data: '[DONE]' },
    ],
    whole: wholeJson({
      ...shared,
      choices: texts.map((pieces, index) => formatChoice(index, pieces.join(''), 'stop')),
      usage: formatUsage(count),
    }),
  }
}
