import { CliError } from '../cli-error.ts'
import { ORDERLY_END, type BodyEnd, type Capture, type CaptureFormat } from './capture.ts'
import { decode, gunzipFile, isCompressed } from './content-coding.ts'
import { LEADING_NOTE, noteCurl, readFailure, withoutCurlNote } from './curl-note.ts'
import { DETECTED_BYTES, detectFormat } from './detect-format.ts'
import { dechunk, isFramed, limit } from './framing.ts'
import { MAX_HAR_BYTES, readHar } from './har.ts'
import { MAX_HEAD_BYTES, readHeads, responseFactsOf, type HttpHead } from './http-head.ts'
import { peek, readWhole } from './peek.ts'
import { bytesOfChunk, MAX_CHUNK_JSON_BYTES, readChunkAttribute, type RecordedChunk } from './chunk-attribute.ts'

/** What was found in a file: captures of answers, or the chunk of one. */
export type Captures =
  | { readonly format: Exclude<CaptureFormat, 'chunk'>; readonly captures: readonly Capture[] }
  | { readonly format: 'chunk'; readonly chunk: RecordedChunk; readonly bytes: Uint8Array }

/**
 * The captures in a source, in whatever form they are.
 *
 * @param name what the source is called in a sentence
 * @throws CliError where there are none
 */
export async function readCaptures(source: AsyncIterable<Uint8Array>, name: string): Promise<Captures> {
  const peeked = await peek(await gunzipFile(source), DETECTED_BYTES)
  const note = LEADING_NOTE.exec(Buffer.from(peeked.head).toString('latin1'))
  const noteLength = note?.[0].length ?? 0
  const head = peeked.head.subarray(noteLength)
  const all = skip(peeked.all, noteLength)
  if (head.length === 0 && note !== null) return { format: 'curl', captures: [failedCapture(note)] }
  if (head.length === 0) throw new CliError('input', `${name} is empty; capture the answer again, with \`curl -sSiN\`.`)
  const format = detectFormat(head)
  switch (format) {
    case 'progress':
      throw new CliError(
        'input',
        `${name} has the progress meter of curl in it; capture the answer again, with \`curl -sSiN\`.`,
      )
    case 'binary':
      throw new CliError('input', `${name} is a binary file and no captured stream.`)
    case 'other':
      throw new CliError('input', `${name} is no captured stream: no line of an event stream is in it.`)
    case 'body':
      return { format, captures: [bodyCapture(all, note)] }
    case 'curl':
      return { format, captures: [await curlCapture(all, name, note)] }
    case 'har':
      return { format, captures: readHar(await readText(all, MAX_HAR_BYTES, `${name}, a HAR,`), name) }
    case 'chunk': {
      const chunk = readChunkAttribute(await readText(all, MAX_CHUNK_JSON_BYTES, `${name}, a JSON document,`), name)
      return { format, chunk, bytes: bytesOfChunk(chunk) }
    }
    default:
      return format satisfies never
  }
}

async function readText(source: AsyncIterable<Uint8Array>, maxBytes: number, name: string): Promise<string> {
  const bytes = await readWhole(source, maxBytes)
  if (bytes !== undefined) return bytes.toString('utf8')
  throw new CliError(
    'input',
    `${name} is larger than ${maxBytes / 1_048_576} MiB; export only the request in question.`,
  )
}

/** curl says why there is no answer. */
function failedCapture(note: RegExpExecArray): Capture {
  const { failure, evidence } = readFailure(note)
  return { format: 'curl', title: '', request: {}, body: nothing(), end: () => ({ evidence }), failure }
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

/** A body alone. */
function bodyCapture(source: AsyncIterable<Uint8Array>, note: RegExpExecArray | null): Capture {
  const { noteEnd, end } = noteEnds(note)
  return { format: 'body', title: '', request: {}, body: withoutCurlNote(source, noteEnd), end }
}

/** What `curl -i` prints. */
async function curlCapture(
  source: AsyncIterable<Uint8Array>,
  name: string,
  note: RegExpExecArray | null,
): Promise<Capture> {
  const { head: bytes, all } = await peek(source, MAX_HEAD_BYTES)
  const found = readHeads(bytes)
  if (found === undefined) throw new CliError('input', `${name} begins like an HTTP response whose head does not end.`)
  const { head, bodyAt } = found
  const { noteEnd, end } = noteEnds(note)
  const raw = withoutCurlNote(skip(all, bodyAt), noteEnd)
  return {
    format: 'curl',
    title: `HTTP/${head.version} ${head.status}`,
    response: responseFactsOf(head),
    request: {},
    body: await readCoded(head, raw, noteEnd),
    end,
  }
}

/** Most compressions over each other that are taken off: as many as fetch does. */
const MAX_ENCODINGS = 5

/** The body without its framing and its compression, as far as they are there. */
async function readCoded(
  { headers }: HttpHead,
  raw: AsyncIterable<Uint8Array>,
  noteEnd: (end: BodyEnd) => void,
): Promise<AsyncIterable<Uint8Array>> {
  const isChunked = /\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')
  const { framed, all } = isChunked ? await isFramed(raw) : { framed: false, all: raw }
  const unframed = framed ? dechunk(all, noteEnd) : all
  const encodings = (headers.get('content-encoding') ?? '').toLowerCase().split(/\s*,\s*/)
  const known = encodings.filter((encoding) => encoding !== '' && encoding !== 'identity')
  if (known.length > MAX_ENCODINGS) {
    throw new CliError(
      'input',
      `The body is compressed ${known.length} times, which no client takes off; capture it with \`curl --compressed\`.`,
    )
  }
  const coded = known.length > 0 ? await isCompressed(unframed) : { compressed: false, all: unframed }
  // The length is that of the compressed body.
  const length = known.length > 0 && !coded.compressed ? undefined : headers.get('content-length')
  const counted = length !== undefined && /^\d{1,15}$/.test(length) && !isChunked
  const whole = counted ? limit(coded.all, Number(length), noteEnd) : coded.all
  const decoders = coded.compressed ? known.toReversed() : []
  return decoders.reduce<AsyncIterable<Uint8Array>>((inner, encoding) => decode(inner, encoding, noteEnd), whole)
}

async function* skip(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array, void> {
  let left = bytes
  for await (const piece of source) {
    if (left >= piece.length) left -= piece.length
    else {
      yield piece.subarray(left)
      left = 0
    }
  }
}

/** Keeps what is told of a body's end: what curl says before what can be seen, and the first before later ones. */
function noteEnds(leading: RegExpExecArray | null): {
  readonly noteEnd: (end: BodyEnd) => void
  readonly end: () => BodyEnd
} {
  const noted: BodyEnd[] = []
  const noteEnd = (end: BodyEnd): void => void noted.push(end)
  if (leading !== null) noteCurl(leading, noteEnd)
  return {
    noteEnd,
    end: () => noted.find(({ evidence }) => evidence.startsWith('curl')) ?? noted[0] ?? ORDERLY_END,
  }
}
