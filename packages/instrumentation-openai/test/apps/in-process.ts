const PIECES = Array.from({ length: 8 }, (_, at) => event({ content: `word ${at} ` }, null))
const PLAIN = [...PIECES, event({}, 'stop'), 'data: [DONE]\n\n']

function event(delta: object, finishReason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-7', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

/** What comes of a model's name: pieces of a body, and how it goes on after them. */
const BODIES: Readonly<Record<string, readonly [pieces: readonly string[], then: 'end' | 'reset' | 'stall']>> = {
  'healthy:plain': [PLAIN, 'end'],
  'fault:cut_json': [[...PIECES.slice(0, 3), 'data: {"id":"chatcmpl-7",\n\n'], 'end'],
  'fault:no_done': [PIECES.slice(0, 5), 'end'],
  'fault:reset_inside_event': [[...PIECES.slice(0, 3), 'data: {"id":'], 'reset'],
  'fault:stall_forever': [PIECES.slice(0, 3), 'stall'],
}

/**
 * A `fetch` that answers from memory as the fault server does from a socket, a turn later: thousands of streams in the time
 * of a few.
 */
export async function fetchInProcess(_url: unknown, init?: RequestInit): Promise<Response> {
  const { model, stream } = JSON.parse(init?.body as string) as { readonly model: string; readonly stream?: boolean }
  const { signal } = init ?? {}
  await turn(signal)
  if (model === 'fault:slow_headers') await untilAborted(signal)
  if (model === 'fault:http_500') {
    const headers = { 'content-type': 'application/json', 'retry-after-ms': '1' }
    return new Response('{"error":{"message":"boom"}}', { status: 500, headers })
  }
  if (stream !== true) return Response.json({ id: 'chatcmpl-7', object: 'chat.completion', model, choices: [] })
  const [pieces, then] = BODIES[model] ?? [PLAIN, 'end']
  return new Response(bodyOf([...pieces], then, signal), { headers: { 'content-type': 'text/event-stream' } })
}

function bodyOf(
  pieces: string[],
  then: 'end' | 'reset' | 'stall',
  signal: AbortSignal | null | undefined,
): ReadableStream {
  return new ReadableStream(
    {
      async pull(controller) {
        if (signal?.aborted === true) return controller.error(signal.reason)
        const next = pieces.shift()
        if (next !== undefined) return controller.enqueue(Buffer.from(next))
        if (then === 'end') return controller.close()
        if (then === 'stall') await untilAborted(signal).catch((reason: unknown) => controller.error(reason))
        const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
        controller.error(new TypeError('terminated', { cause }))
      },
    },
    { highWaterMark: 0 },
  )
}

async function turn(signal: AbortSignal | null | undefined): Promise<void> {
  await new Promise(setImmediate)
  signal?.throwIfAborted()
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error)
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
