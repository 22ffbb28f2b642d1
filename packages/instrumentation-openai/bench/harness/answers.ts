/** How the chunks of an answer come to the SDK. In the first two it is one event per read. */
export type Source =
  /** Each is there when it is asked for: nothing but the SDK's own work, so the ratio is at its worst. */
  | 'queued'
  /** Each comes in a turn of the event loop of its own, as from a network. */
  | 'turns'
  /** As `queued`, but what comes after the pieces is waited for in vain. */
  | 'never ends'
  /** From a server in a process of its own, over a loopback connection: the HTTP client's work is added to the SDK's. */
  | 'socket'

/** An answer's size, and whether it is all there. */
export interface Answer {
  readonly pieces: number
  /** It ends cleanly after its pieces, without a finish reason and without `[DONE]`. */
  readonly isCut?: boolean
}

/** Shape and size of today's chunks of chat. */
const event = (choice: object, usage: object | null = null): Uint8Array =>
  new TextEncoder().encode(
    `data: ${JSON.stringify({
      id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012',
      object: 'chat.completion.chunk',
      created: 1764288000,
      model: 'gpt-5-mini-2025-08-07',
      service_tier: 'default',
      system_fingerprint: null,
      choices: [choice],
      usage,
    })}\n\n`,
  )

const OPENING = event({ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null })
const PIECE = event({ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null })
const FINISH = event({ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' })
const DONE = new TextEncoder().encode('data: [DONE]\n\n')

/** What comes with an answer of OpenAI, as far as names and number go: headers are looked through for proxies. */
export const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['date', 'Sat, 28 Nov 2026 00:00:00 GMT'],
  ['content-type', 'text/event-stream; charset=utf-8'],
  ['transfer-encoding', 'chunked'],
  ['connection', 'keep-alive'],
  ['access-control-expose-headers', 'X-Request-ID'],
  ['openai-organization', 'example'],
  ['openai-processing-ms', '120'],
  ['openai-project', 'proj_example'],
  ['openai-version', '2020-10-01'],
  ['x-ratelimit-limit-requests', '10000'],
  ['x-ratelimit-limit-tokens', '1000000'],
  ['x-ratelimit-remaining-requests', '9999'],
  ['x-ratelimit-remaining-tokens', '999000'],
  ['x-ratelimit-reset-requests', '6ms'],
  ['x-ratelimit-reset-tokens', '0s'],
  ['x-request-id', 'req_0123456789abcdef0123456789abcdef'],
  ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
  ['cf-cache-status', 'DYNAMIC'],
  ['x-content-type-options', 'nosniff'],
  ['server', 'cloudflare'],
  ['cf-ray', '0123456789abcdef-FRA'],
  ['alt-svc', 'h3=":443"; ma=86400'],
]

/** Chunks that the SDK makes of an answer. */
export function chunksOf({ pieces, isCut }: Answer): number {
  return isCut === true ? pieces + 1 : pieces + 2
}

/** The events of an answer, each in bytes of its own: the SDK, or who watches it, may keep what it gets. */
export function* eventsOf({ pieces, isCut }: Answer): Generator<Uint8Array, undefined> {
  yield OPENING.slice()
  for (let i = 0; i < pieces; i++) yield PIECE.slice()
  if (isCut === true) return
  yield FINISH.slice()
  yield DONE.slice()
}

/** A `fetch` that answers each request with a stream, inside the process. */
export function answerWith(source: Exclude<Source, 'socket'>, answer: Answer): () => Promise<Response> {
  return () => {
    const events = eventsOf({ ...answer, isCut: answer.isCut === true || source === 'never ends' })
    let next = events.next()
    const send = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (next.value !== undefined) controller.enqueue(next.value)
      next = events.next()
      if (next.done === true && source !== 'never ends') controller.close()
    }
    const later = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> =>
      new Promise((resolve) => {
        setImmediate(() => {
          send(controller)
          resolve()
        })
      })
    const wait = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | undefined => {
      if (next.done === true) return new Promise(() => {})
      send(controller)
      return undefined
    }
    const pull = { queued: send, turns: later, 'never ends': wait }[source]
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
    return Promise.resolve(new Response(body, { headers: HEADERS.map(([name, value]) => [name, value]) }))
  }
}

/** Answers whose chunks come when they are told to. */
export class Feed {
  readonly #controllers: ReadableStreamDefaultController<Uint8Array>[] = []
  #next = 0
  #wanted = 0
  #tell: () => void = () => {}

  answer(): Promise<Response> {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controllers.push(controller)
        if (this.#controllers.length === this.#wanted) this.#tell()
      },
    })
    return Promise.resolve(new Response(body, { headers: HEADERS.map(([name, value]) => [name, value]) }))
  }

  /** So many answers have been asked for. */
  opened(count: number): Promise<void> {
    if (this.#controllers.length === count) return Promise.resolve()
    this.#wanted = count
    return new Promise((resolve) => (this.#tell = resolve))
  }

  /** The next so many get a chunk, in turn. */
  feed(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#controllers[this.#next]?.enqueue(PIECE.slice())
      this.#next = (this.#next + 1) % this.#controllers.length
    }
  }

  /** All get their end. */
  end(): void {
    for (const controller of this.#controllers) {
      controller.enqueue(FINISH.slice())
      controller.enqueue(DONE.slice())
      controller.close()
    }
  }
}
