import type { Random } from './random.ts'

/** How a body ends before its time. */
const BREAKS = ['reset', 'clean', 'bad_json', 'error_event', 'none'] as const

/** What one request was answered with. */
export interface Served {
  /** Events that a reader could hand over: whole ones before anything that breaks. */
  events: number
  /** The last event was whole and lacked its blank line: openai 7 hands it over, the others don't. */
  tail: number
  isBroken: boolean
}

/** One answer, and a server that breaks it at random. It knows which words it has sent, and how to go on. */
export class SoakServer {
  readonly served: Served[] = []
  readonly words: readonly string[]
  readonly #id: string
  readonly #random: Random
  /** Requests that are answered badly before one is answered well; no end of it where there are more than attempts. */
  #breaksLeft: number

  constructor(id: string, random: Random) {
    this.#id = id
    this.#random = random
    this.words = Array.from(
      { length: 3 + random.below(12) },
      (_, at) => `${id}.${at}${random.pick(['', ' é', ' 🌊'])} `,
    )
    this.#breaksLeft = random.below(6)
  }

  readonly fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const { signal } = init
    await new Promise(setImmediate)
    signal?.throwIfAborted()
    const served: Served = { events: 0, tail: 0, isBroken: false }
    this.served.push(served)
    const target = new URL(String(url))
    const isBroken = this.#breaksLeft-- > 0
    if (isBroken && this.#random.chance(0.3)) return this.#refuse(served, target)
    if (target.pathname.includes('/responses/')) return this.#resume(target, served, isBroken)
    const body = JSON.parse(init.body as string) as { readonly messages?: readonly { readonly content: string }[] }
    const events = body.messages === undefined ? this.#responseEvents() : this.#chatEvents(body.messages)
    return this.#play(events, served, isBroken)
  }

  #refuse(served: Served, { searchParams }: URL): Response {
    served.isBroken = true
    if (this.#random.chance(0.3)) throw new TypeError('fetch failed', { cause: networkError('ECONNREFUSED') })
    // A resumed stream may be refused for good.
    const statuses = searchParams.has('stream') ? [404, 400, 500] : [429, 500, 503]
    const headers = { 'content-type': 'application/json', 'retry-after-ms': '5' }
    return new Response('{"error":{"message":"no"}}', { status: this.#random.pick(statuses), headers })
  }

  #resume({ searchParams }: URL, served: Served, isBroken: boolean): Response {
    if (!searchParams.has('stream')) return Response.json(this.#response(isBroken ? 'in_progress' : 'completed'))
    const after = Number(searchParams.get('starting_after'))
    // Some hops forget what stands behind the question mark.
    const from = this.#random.chance(0.2) ? 0 : after + 1
    return this.#play(this.#responseEvents().slice(from), served, isBroken)
  }

  #response(status: string): object {
    return { id: `resp_${this.#id}`, object: 'response', status, background: true, output: [] }
  }

  #responseEvents(): string[] {
    const deltas = this.words.map((delta) => ({ type: 'response.output_text.delta', delta }))
    const first = { type: 'response.created', response: this.#response('in_progress') }
    const last = { type: 'response.completed', response: this.#response('completed') }
    return [first, ...deltas, last].map(
      (event, at) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: at })}\n\n`,
    )
  }

  #chatEvents(messages: readonly { readonly content: string }[]): string[] {
    // The last message is the beginning of the answer, where there are two.
    const begun = messages.length > 1 ? (messages.at(-1)?.content ?? '') : ''
    const left = this.words.slice(this.words.findIndex((_, at) => this.words.slice(0, at).join('') === begun))
    const rest = begun === this.words.join('') ? [] : left
    const event = (delta: object, finishReason: string | null): string =>
      `data: ${JSON.stringify({ id: this.#id, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`
    return [...rest.map((content) => event({ content }, null)), event({}, 'stop'), 'data: [DONE]\n\n']
  }

  #play(events: readonly string[], served: Served, isBroken: boolean): Response {
    const random = this.#random
    const how = isBroken ? random.pick(BREAKS) : 'none'
    served.isBroken = how !== 'none'
    const at = random.below(events.length)
    let whole = events
    let more = ''
    if (how === 'reset' || how === 'clean') {
      const event = events[at] ?? ''
      const cut = random.below(event.length)
      whole = events.slice(0, at)
      more = event.slice(0, cut)
      served.tail = cut >= event.length - 2 && how === 'clean' && !event.includes('[DONE]') ? 1 : 0
    } else if (how === 'bad_json') whole = [...events.slice(0, at), 'data: {"id":\n\n', ...events.slice(at)]
    else if (how === 'error_event') {
      whole = [...events.slice(0, at), 'data: {"error":{"type":"overloaded_error","message":"busy"}}\n\n']
    }
    const isRead = how === 'bad_json' || how === 'error_event' ? at : whole.length
    served.events = whole.slice(0, isRead).filter((event) => !event.includes('[DONE]')).length
    const bytes = new TextEncoder().encode(whole.join('') + more)
    const body = fragment(bytes, random, how === 'reset' ? networkError('ECONNRESET') : undefined)
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

function fragment(bytes: Uint8Array, random: Random, failure: Error | undefined): ReadableStream<Uint8Array> {
  let start = 0
  const most = random.pick([1, 7, 64, 512, 4096])
  return new ReadableStream(
    {
      pull(controller) {
        if (start < bytes.length) {
          const end = start + 1 + random.below(most)
          controller.enqueue(bytes.slice(start, end))
          start = end
        } else if (failure === undefined) controller.close()
        else controller.error(new TypeError('terminated', { cause: failure }))
      },
    },
    { highWaterMark: 0 },
  )
}

function networkError(code: string): Error {
  return Object.assign(new Error(`read ${code}`), { code })
}
