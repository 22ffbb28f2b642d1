import { CREATED_SECONDS, wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent } from './stream-event.ts'

/** OpenAI sends at most so many partial images. */
const PARTIAL_IMAGES = 3

/** So small that an event stays one write: what a client shows of it is not the point. */
const IMAGE_BYTES = 96

const SHARED = {
  created_at: CREATED_SECONDS,
  size: '1024x1024',
  quality: 'low',
  background: 'opaque',
  output_format: 'png',
}

const TOKENS = { input: 12, output: 272 }

const USAGE = {
  total_tokens: TOKENS.input + TOKENS.output,
  input_tokens: TOKENS.input,
  output_tokens: TOKENS.output,
  input_tokens_details: { text_tokens: TOKENS.input, image_tokens: 0 },
}

/** Looks like an image in base64 from afar; no decoder is meant to like it. */
const inventImage = (random: Random): string =>
  Buffer.from(Array.from({ length: IMAGE_BYTES }, () => random.below(256))).toString('base64')

/** Answers `POST /v1/images/generations` and `POST /v1/images/edits`. */
export const buildImagesAnswer = (request: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const prefix = request.isEdit ? 'image_edit' : 'image_generation'
  const event = (kind: StreamEvent['kind'], name: string, fields: object): StreamEvent => {
    const type = `${prefix}.${name}`
    return { kind, name: type, data: JSON.stringify({ type, ...fields, ...SHARED }) }
  }
  const partials = Array.from({ length: shape.pieces ?? PARTIAL_IMAGES }, () => inventImage(random))
  const image = inventImage(random)
  return {
    events: [
      ...partials.map((partial, index) =>
        event('delta', 'partial_image', { b64_json: partial, partial_image_index: index }),
      ),
      event('terminator', 'completed', { b64_json: image, usage: USAGE }),
    ],
    whole: wholeJson({ created: CREATED_SECONDS, data: [{ b64_json: image }], usage: USAGE }),
  }
}
