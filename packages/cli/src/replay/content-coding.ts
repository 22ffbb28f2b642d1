import { pipeline, Readable } from 'node:stream'
import { readErrorFacts } from '@streamgauge/core'
import { CliError } from '../cli-error.ts'
import { findDecoder } from '../content-decoder.ts'
import type { NoteEnd } from './framing.ts'
import { peek } from './peek.ts'

/** The text that a body may begin with after its compression was taken off, as `curl --compressed` does. */
const TEXT = /^(?:\ufeff)?\s*(?:(?:data|event|id|retry)?:|[<{["])/

/** Whether a body is still compressed, though its head may say so of one that is not. */
export async function isCompressed(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly compressed: boolean; readonly all: AsyncIterable<Uint8Array> }> {
  const { head, all } = await peek(source, 64)
  return { compressed: head.length > 0 && !TEXT.test(Buffer.from(head).toString('utf8')), all }
}

/** Takes the compression off. What breaks its rules ends the body, and is noted. */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  encoding: string,
  noteEnd: NoteEnd,
): AsyncGenerator<Uint8Array, void> {
  const make = findDecoder(encoding)
  if (make === undefined)
    throw new CliError(
      'input',
      `The body is compressed by ${JSON.stringify(encoding)}, which cannot be taken off; capture it with \`curl --compressed\`.`,
    )
  const { head, all } = await peek(source, 1)
  if (head.length === 0) return
  const decoder = make(head[0] ?? 0)
  // An error of either comes out of the decoder as well, where it is read.
  pipeline(Readable.from(all), decoder, () => {})
  try {
    yield* decoder as AsyncIterable<Uint8Array>
  } catch (error) {
    if (error instanceof CliError) throw error
    noteEnd({ error: readErrorFacts(error), evidence: `the ${encoding} compression of the body is damaged` })
  }
}

/** Takes the compression of a file off, where it is a gzip: captures are kept so. */
export async function gunzipFile(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const { head, all } = await peek(source, 2)
  return head[0] === 0x1f && head[1] === 0x8b ? decode(all, 'gzip', () => {}) : all
}
