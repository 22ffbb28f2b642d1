/** What comes of one request: the pieces of a body, and how it goes on after them; or no stream at all. */
export type Script =
  | { readonly pieces: readonly string[]; readonly after?: 'end' | 'reset' | 'stall' | undefined }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly fails: Error }
  /** Its headers never come. */
  | { readonly silent: true }

/** A request that came. */
export interface Seen {
  readonly url: string
  readonly body: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal | undefined
  /** Pieces that somebody asked for. */
  pulled: number
  cancelled: boolean
  /** It has got all that there is, and waits for more. */
  isWaiting: boolean
}

export interface ScriptedFetch {
  readonly fetch: typeof fetch
  readonly seen: Seen[]
}

/** A `fetch` that plays one script for each request, in order; the last one for all that come after it. */
export function scriptFetch(...scripts: readonly Script[]): ScriptedFetch {
  const seen: Seen[] = []
  const play = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const script = scripts[Math.min(seen.length, scripts.length - 1)]
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Seen['body']) : {}
    const signal = init.signal ?? undefined
    const request: Seen = { url: String(url), body, signal, pulled: 0, cancelled: false, isWaiting: false }
    seen.push(request)
    signal?.throwIfAborted()
    if (script === undefined) throw new Error('no script')
    if ('fails' in script) throw script.fails
    if ('silent' in script) {
      request.isWaiting = true
      return untilAborted(signal)
    }
    if ('status' in script) {
      const headers = { 'content-type': 'application/json', ...script.headers }
      return new Response(script.body ?? '{"error":{"message":"scripted"}}', { status: script.status, headers })
    }
    return new Response(bodyOf(script.pieces, script.after ?? 'end', request), {
      headers: { 'content-type': 'text/event-stream' },
    })
  }
  return { fetch: play, seen }
}

function bodyOf(
  pieces: readonly string[],
  after: 'end' | 'reset' | 'stall',
  request: Seen,
): ReadableStream<Uint8Array> {
  const { signal } = request
  return new ReadableStream(
    {
      async pull(controller) {
        if (signal?.aborted === true) return controller.error(signal.reason)
        const next = pieces[request.pulled]
        if (next !== undefined) {
          request.pulled++
          return controller.enqueue(new TextEncoder().encode(next))
        }
        if (after === 'end') return controller.close()
        if (after === 'reset') return controller.error(networkError('ECONNRESET'))
        request.isWaiting = true
        await untilAborted(signal).catch((reason: unknown) => controller.error(reason))
      },
      cancel() {
        request.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
}

/** As undici has it. */
export function networkError(code: string): Error {
  return new TypeError('terminated', { cause: Object.assign(new Error(`read ${code}`), { code }) })
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error)
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** An event of chat. */
export function chatEvent(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

export const DONE = 'data: [DONE]\n\n'

/** Pieces of a whole answer: the words of a text, one by one. */
export function chatAnswer(text: string): string[] {
  const words = text.match(/\S+\s*/g) ?? []
  return [...words.map((content) => chatEvent({ content })), chatEvent({}, 'stop'), DONE]
}

/** An event of Responses. */
export function responseEvent(type: string, sequenceNumber: number, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequenceNumber, ...fields })}\n\n`
}
