const encode = (choice: object): Uint8Array =>
  new TextEncoder().encode(
    `data: ${JSON.stringify({
      id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012',
      object: 'chat.completion.chunk',
      created: 1764288000,
      model: 'gpt-5-mini-2025-08-07',
      service_tier: 'default',
      system_fingerprint: null,
      choices: [choice],
      usage: null,
    })}\n\n`,
  )

/** Shape and size of today's chunks of chat. */
const PIECE = encode({ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null })
const FINISH = encode({ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' })
const DONE = new TextEncoder().encode('data: [DONE]\n\n')

/** How chunks come: `queued`, each is there when it is asked for; `turns`, each in a turn of the event loop of its own. */
export type Source = 'queued' | 'turns'

/** A `fetch` that answers each request with so many chunks, one event per read, inside the process. */
export function answerWith(source: Source, chunks: number): typeof fetch {
  return () => {
    let sent = 0
    const send = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      sent++
      // In bytes of its own: the SDK, or who watches it, may keep what it gets.
      controller.enqueue((sent < chunks ? PIECE : sent === chunks ? FINISH : DONE).slice())
      if (sent > chunks) controller.close()
    }
    const later = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> =>
      new Promise((resolve) => {
        setImmediate(() => {
          send(controller)
          resolve()
        })
      })
    const body = new ReadableStream({ pull: source === 'queued' ? send : later }, { highWaterMark: 0 })
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }
}
