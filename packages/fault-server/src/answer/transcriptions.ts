import { wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent } from './stream-event.ts'
import { countTokens, inventPieces } from './text.ts'

/** Answers `POST /v1/audio/transcriptions`. Its events have no `event:` line, and `[DONE]` follows the last of them. */
export const buildTranscriptionsAnswer = (_: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const pieces = inventPieces(random, shape)
  const text = pieces.join('')
  const { input, output, total } = countTokens(pieces.length)
  const usage = {
    type: 'tokens',
    total_tokens: total,
    input_tokens: input,
    input_token_details: { text_tokens: 0, audio_tokens: input },
    output_tokens: output,
  }
  const event = (kind: StreamEvent['kind'], type: string, fields: object): StreamEvent => ({
    kind,
    data: JSON.stringify({ type, ...fields }),
  })
  return {
    events: [
      ...pieces.map((delta) => event('delta', 'transcript.text.delta', { delta })),
      event('finish', 'transcript.text.done', { text, usage }),
      { kind: 'terminator', data: '[DONE]' },
    ],
    whole: wholeJson({ text, usage }),
  }
}
