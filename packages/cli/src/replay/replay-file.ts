import { ORDERLY_END, type Capture, type CaptureFormat } from './capture.ts'
import { errorTypeOf, type RecordedChunk } from './chunk-attribute.ts'
import { openSource } from './open-source.ts'
import { readCaptures } from './read-captures.ts'
import { replayCapture, type ReplayOptions } from './replay-capture.ts'
import { unmaskNumbers } from './unmask-numbers.ts'
import { verdictOfSpan } from './verdict-of-span.ts'
import { toVerdict, type ShowMode, type Verdict } from './verdict.ts'

/** What `replay --json` prints. */
export interface ReplayDocument {
  /** The file; `-` is the standard input. */
  readonly source: string
  readonly format: CaptureFormat
  readonly streams: readonly Verdict[]
}

/**
 * The verdicts on the streams that were captured in a file.
 *
 * @param source path of the file; `-` is the standard input
 * @throws CliError `input` where there is none in it
 */
export async function replayFile(source: string, options: ReplayOptions, mode: ShowMode): Promise<ReplayDocument> {
  const name = source === '-' ? 'The standard input' : JSON.stringify(source)
  const found = await readCaptures(await openSource(source), name)
  const streams =
    found.format === 'chunk'
      ? [await judgeChunk(found.chunk, found.bytes, options, mode)]
      : await judgeAll(found.captures, options, mode)
  return { source, format: found.format, streams }
}

/** One after the other: each is read while it is judged. */
async function judgeAll(
  captures: readonly Capture[],
  options: ReplayOptions,
  mode: ShowMode,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const capture of captures) verdicts.push(toVerdict(await replayCapture(capture, options), mode))
  return verdicts
}

/** What a span says beside its chunk was told from the whole stream; the chunk alone can be judged like a body. */
async function judgeChunk(
  chunk: RecordedChunk,
  bytes: Uint8Array,
  options: ReplayOptions,
  mode: ShowMode,
): Promise<Verdict> {
  if (errorTypeOf(chunk) !== undefined && options.end === undefined) return verdictOfSpan(chunk)
  const capture: Capture = {
    format: 'chunk',
    title: 'one chunk alone',
    request: {},
    body: once(unmaskNumbers(bytes)),
    end: () => ORDERLY_END,
  }
  return toVerdict(await replayCapture(capture, options), mode)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes
}
