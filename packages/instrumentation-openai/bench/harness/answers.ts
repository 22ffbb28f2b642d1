/** How the chunks of an answer come to the SDK, all of them one event per read. */
export type Source =
  /** Each is there when it is asked for: nothing but the SDK's own work, so the ratio is at its worst. */
  | 'queued'
  /** Each comes in a turn of the event loop of its own, as from a network. */
  | 'turns'
  /** As `queued`, but what comes after the pieces is waited for in vain. */
  | 'never ends'

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
const HEADERS: readonly (readonly [name: string, value: string])[] = [
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

/** Chunks that the SDK makes of an answer of so many pieces. */
export function chunksOf(pieces: number): number {
  return pieces + 2
}

/** A `fetch` that answers each request with a stream of so many pieces. */
export function answerWith(source: Source, pieces: number): () => Promise<Response> {
  const total = pieces + 3
  const pieceAt = (index: number): Uint8Array =>
    index === 0 ? OPENING : index === total - 2 ? FINISH : index === total - 1 ? DONE : PIECE
  return () => {
    let sent = 0
    const wait = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | undefined => {
      if (sent > pieces) return new Promise(() => {})
      send(controller)
      return undefined
    }
    const send = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      // A copy: the SDK, or who watches it, may keep what it gets.
      controller.enqueue(pieceAt(sent).slice())
      if (++sent === total) controller.close()
    }
    const later = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> =>
      new Promise((resolve) => {
        setImmediate(() => {
          send(controller)
          resolve()
        })
      })
    const body = new ReadableStream<Uint8Array>(
      { pull: { queued: send, turns: later, 'never ends': wait }[source] },
      { highWaterMark: 0 },
    )
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
