import { errorTypeOf, type RecordedChunk } from '../replay/chunk-attribute.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { pageWidth } from '../print/page-width.ts'
import { plural } from '../print/plural.ts'
import { paint } from '../print/style.ts'
import { formatVerdict } from '../print/verdict.ts'
import { wrapText } from '../print/wrap.ts'
import { readArgumentsWithOperand } from '../read-arguments.ts'
import { BODY_ENDS, type BodyEndName } from '../replay/body-ends.ts'
import { ORDERLY_END, type Capture } from '../replay/capture.ts'
import { openSource } from '../replay/open-source.ts'
import { readCaptures } from '../replay/read-captures.ts'
import { replayCapture, type ReplayOptions } from '../replay/replay-capture.ts'
import { unmaskNumbers } from '../replay/unmask-numbers.ts'
import { toVerdict, type ShowMode, type Verdict } from '../replay/verdict.ts'
import { verdictOfSpan } from '../replay/verdict-of-span.ts'

/** What `replay --json` prints. */
export interface ReplayDocument {
  /** The file; `-` is the standard input. */
  readonly source: string
  readonly format: 'body' | 'curl' | 'har' | 'chunk'
  readonly streams: readonly Verdict[]
}

/** `streamgauge replay <file|->`: the verdict on a stream that was captured. */
export async function replay(args: readonly string[]): Promise<number> {
  const { source, json, mode, options } = readOptions(args)
  const name = source === '-' ? 'The standard input' : JSON.stringify(source)
  const found = await readCaptures(await openSource(source), name)
  const streams =
    found.format === 'chunk'
      ? [await judgeChunk(found.chunk, found.bytes, options, mode)]
      : await judgeAll(found.captures, options, mode)
  const document: ReplayDocument = { source, format: found.format, streams }
  process.stdout.write(`${json ? JSON.stringify(document, undefined, 2) : format(document, pageWidth())}\n`)
  return streams.some(({ outcome }) => outcome === 'broken') ? EXIT.DIFFERENT : EXIT.OK
}

interface Options {
  readonly source: string
  readonly json: boolean
  readonly mode: ShowMode
  readonly options: ReplayOptions
}

function readOptions(args: readonly string[]): Options {
  const { values, operand } = readArgumentsWithOperand('replay', args, {
    json: { type: 'boolean' },
    full: { type: 'boolean' },
    host: { type: 'string' },
    model: { type: 'string' },
    end: { type: 'string' },
  })
  if (operand === undefined || operand === '') {
    throw new CliError('usage', 'replay: Name a captured body, or - for the standard input.')
  }
  const { json = false, full = false, host, model, end } = values
  return {
    source: operand,
    json,
    mode: full ? 'full' : 'masked',
    options: { host, model, end: end === undefined ? undefined : { error: BODY_ENDS[readEnd(end)] } },
  }
}

function readEnd(text: string): BodyEndName {
  if (Object.hasOwn(BODY_ENDS, text)) return text as BodyEndName
  const known = Object.keys(BODY_ENDS).join(', ')
  throw new CliError('usage', `--end must be one of ${known}, but was ${JSON.stringify(text)}.`)
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

const NO_TIMES = 'A capture has no times: what stalled, was held back or met a timer shows only live.'

function format({ streams }: ReplayDocument, width: number): string {
  const verdicts = streams.map((verdict) => formatVerdict(verdict, width))
  const count = streams.length < 2 ? [] : [paint('bold', `${plural(streams.length, 'event stream')}`)]
  const note = streams.every(({ judgedFrom }) => judgedFrom === 'span') ? [] : wrapText(NO_TIMES, width)
  return [
    ...count,
    ...verdicts,
    ...(note.length === 0 ? [] : [note.map((line) => paint('dim', line)).join('\n')]),
  ].join('\n\n')
}
