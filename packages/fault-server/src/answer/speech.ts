import type { Answer, AnswerRequest, AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent } from './stream-event.ts'
import { countTokens } from './text.ts'

/** MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono: `144 * 128000 / 44100` bytes a frame. */
const FRAME_BYTES = 417
const FRAME_HEADER = Uint8Array.of(0xff, 0xfb, 0x90, 0xc4)

/** A frame without any sound in it: side information and data are all zeros. */
const silentFrame = (): Buffer => {
  const frame = Buffer.alloc(FRAME_BYTES)
  frame.set(FRAME_HEADER)
  return frame
}

/** Answers `POST /v1/audio/speech`: some frames of silence, as audio or, where `stream_format` is `sse`, as events. */
export const buildSpeechAnswer = (_: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const frames = Array.from({ length: shape.pieces ?? 8 + random.below(8) }, silentFrame)
  const { input, output, total } = countTokens(frames.length)
  const event = (kind: StreamEvent['kind'], type: string, fields: object): StreamEvent => ({
    kind,
    data: JSON.stringify({ type, ...fields }),
  })
  return {
    events: [
      ...frames.map((frame) => event('delta', 'speech.audio.delta', { audio: frame.toString('base64') })),
      event('terminator', 'speech.audio.done', {
        usage: { input_tokens: input, output_tokens: output, total_tokens: total },
      }),
    ],
    whole: { contentType: 'audio/mpeg', body: Buffer.concat(frames) },
  }
}
