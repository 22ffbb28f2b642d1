// Serves bodies whose bytes are given over HTTP, in the pieces that are asked for, and reads each through one major version
// of the SDK, first without and then with the instrumentation. Prints as JSON what came of it.
//
//   node bodies.ts <major> <file with a BodyRun as JSON>
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, diag, trace, DiagLogLevel } from '@opentelemetry/api'
import { instrumentOpenAI, type OpenAIStreamInstrumentationConfig } from '@streamgauge/instrumentation-openai'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry, type Telemetry } from './telemetry.ts'

/** What is played. */
export interface BodyRun {
  readonly bodies: readonly Body[]
  readonly options?: OpenAIStreamInstrumentationConfig
}

/** One body, and how it is asked for and sent. */
export interface Body {
  readonly name: string
  readonly call: Call
  readonly base64: string
  readonly wire?: Wire | undefined
  /** Ways of cutting it into writes, by name: byte offsets. */
  readonly ways: Readonly<Record<string, readonly number[]>>
  /** The base URL that the application believes in. @defaultValue that of the server */
  readonly baseURL?: string | undefined
  readonly model?: string | undefined
  /** Parameters of the request beside model and messages. */
  readonly request?: Readonly<Record<string, unknown>> | undefined
}

/** What differs from a chunked 200 `text/event-stream`. */
export interface Wire {
  readonly status?: number
  readonly contentType?: string
  readonly framing?: 'chunked' | 'length' | 'close'
}

/** What came of one body, sent in one way. */
export interface BodyResult {
  readonly name: string
  readonly way: string
  /** Writes of the server. */
  readonly writes: number
  readonly bare: SeenDigest
  readonly watched: SeenDigest
  readonly spans: readonly Readonly<Record<string, unknown>>[]
}

/** What an application saw: how many chunks, a digest of all of them, and what was thrown at it. */
export interface SeenDigest {
  readonly chunks: number
  readonly sha256: string
  readonly thrown?: string | undefined
}

/** How an application asks for a stream. */
const CALLS = {
  chat: (openai: Client, model: string, request: object) =>
    openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }], stream: true, ...request }),
  completions: (openai: Client, model: string, request: object) =>
    openai.completions.create({ model, prompt: 'Hi', stream: true, ...request }),
  responses: (openai: Client, model: string, request: object) =>
    openai.responses.create({ model, input: 'Hi', stream: true, ...request }),
  'responses.retrieve': (openai: Client) => openai.responses.retrieve('resp_1', { stream: true, starting_after: 5 }),
  assistants: (openai: Client) => openai.beta.threads.runs.create('thread_1', { assistant_id: 'asst_1', stream: true }),
  transcriptions: async (openai: Client, model: string) =>
    openai.audio.transcriptions.create({
      file: await sdk.OpenAI.toFile(Buffer.from('sound'), 'sound.wav'),
      model,
      stream: true,
    }),
} as const
export type Call = keyof typeof CALLS

type Client = InstanceType<Sdk['OpenAI']>

/** Streams open at once: their waits for each other's turns overlap. */
const CONCURRENCY = 8

const [, , major = '', file = ''] = process.argv
const sdk = await loadSdk(Number(major))
const { bodies, options } = JSON.parse(readFileSync(file, 'utf8')) as BodyRun
const plays = bodies.flatMap((body) =>
  Object.keys(body.ways).map((way) => ({ body, way, pieces: cut(Buffer.from(body.base64, 'base64'), body.ways[way]) })),
)
type Play = (typeof plays)[number]

const messages: string[] = []
const note = (...parts: unknown[]): void => void messages.push(parts.map(String).join(' '))
diag.setLogger({ error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN)
process.on('unhandledRejection', (error) => note('unhandled rejection:', error))

const server = await startServer()
const { port } = server.address() as AddressInfo
const bare = await playAll((play) => see(play))
const telemetry = setUpTelemetry()
instrumentOpenAI(sdk, options)
const watched = await playAll((play) => seeWatched(play, telemetry))
server.close()
server.closeAllConnections()

const results = plays.map(({ body, way, pieces }, i) => ({
  name: body.name,
  way,
  writes: pieces.length,
  bare: bare[i] as SeenDigest,
  ...(watched[i] as Awaited<ReturnType<typeof seeWatched>>),
}))
process.stdout.write(JSON.stringify({ results: results satisfies BodyResult[], messages }))

/** Plays all of them, several at once; the results are in their order. */
async function playAll<T>(play: (what: Play) => Promise<T>): Promise<T[]> {
  const waiting = plays.entries()
  const seen: T[] = []
  const worker = async (): Promise<void> => {
    for (const [i, next] of waiting) seen[i] = await play(next)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return seen
}

async function see({ body, way }: Play): Promise<SeenDigest> {
  const local = `http://127.0.0.1:${port}/${bodies.indexOf(body)}/${way}`
  const { baseURL = local } = body
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    baseURL,
    maxRetries: 0,
    logLevel: 'off',
    ...(baseURL === local
      ? {}
      : { fetch: (url, init) => fetch(urlOf(url).replace(baseURL.replace(/\/$/, ''), local), init) }),
  })
  const hash = createHash('sha256')
  let chunks = 0
  let thrown: string | undefined
  try {
    const stream: AsyncIterable<unknown> = await CALLS[body.call](openai, body.model ?? 'model', body.request ?? {})
    for await (const chunk of stream) {
      chunks++
      hash.update(`${JSON.stringify(chunk)}\n`)
    }
  } catch (error) {
    thrown = `${(error as Error).constructor.name}: ${(error as Error).message}`
  }
  return { chunks, sha256: hash.digest('hex'), ...(thrown === undefined ? {} : { thrown }) }
}

function urlOf(url: string | URL | Request): string {
  return url instanceof Request ? url.url : url.toString()
}

/** In a span of its own, by which the spans of streams that run at once are told apart. */
async function seeWatched(play: Play, to: Telemetry): Promise<Pick<BodyResult, 'watched' | 'spans'>> {
  const own = trace.getTracer('application').startSpan('own')
  const seen = await context.with(trace.setSpan(context.active(), own), () => see(play))
  own.end()
  const { spanId } = own.spanContext()
  const below = to.spans().filter((span) => span.parentSpanContext?.spanId === spanId)
  return { watched: seen, spans: below.map(({ attributes }) => attributes) }
}

function cut(bytes: Buffer, offsets: readonly number[] = []): Buffer[] {
  const borders = [...new Set([0, ...offsets.filter((at) => at > 0 && at < bytes.length), bytes.length])]
  borders.sort((a, b) => a - b)
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i], end))
}

async function startServer(): Promise<Server> {
  const listening = createServer((request, response) => {
    request.resume()
    const [, index, way = ''] = request.url?.split('/') ?? []
    const play = plays.find(({ body, way: name }) => body === bodies[Number(index)] && name === decodeURIComponent(way))
    if (play === undefined) response.writeHead(404).end()
    else void send(response, play)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return listening
}

async function send(response: ServerResponse, { body, pieces }: Play): Promise<void> {
  const { status = 200, contentType = 'text/event-stream', framing = 'chunked' } = body.wire ?? {}
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (framing === 'close') {
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
  }
  response.socket?.setNoDelay(true)
  response.writeHead(status, {
    'content-type': contentType,
    ...(framing === 'length' ? { 'content-length': length } : {}),
  })
  for (const piece of pieces) {
    response.write(piece)
    await untilRead()
  }
  response.end()
}

/**
 * Client and server share a process, so what was written is at the client's socket, and two turns of the loop let it read:
 * the next piece comes in a read of its own.
 */
async function untilRead(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}
