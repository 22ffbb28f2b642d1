import { once } from 'node:events'
import { Agent } from 'undici'
import { brokenClient, fixedClient } from './made-clients.ts'
import type { Sdk } from './sdks.ts'

/** What a way out has at hand. */
export interface Surroundings {
  readonly sdk: Sdk
  readonly openai: InstanceType<Sdk['OpenAI']>
  readonly abort: AbortController
  readonly signal: AbortSignal
}

const messages = [{ role: 'user' as const, content: 'Hi' }]
const PLAIN = 'healthy:plain'
/** Three chunks, and then nothing more. */
const STALLED = 'fault:stall_forever'

type Client = Surroundings['openai']
type StreamOf = Awaited<ReturnType<typeof open>>

function open(openai: Client, model: string, options: { readonly signal?: AbortSignal } = {}) {
  return openai.chat.completions.create({ model, messages, stream: true }, options)
}

/** The helpers of chat: openai 4 has them in a place of their own. */
function helpers(openai: Client): Client['chat']['completions'] {
  return oldHelpers(openai) ?? openai.chat.completions
}

function oldHelpers(openai: Client): Client['chat']['completions'] | undefined {
  const { beta } = openai as unknown as { readonly beta: { readonly chat?: Client['chat'] } }
  return beta.chat?.completions
}

/** Reads to the end, however it comes. */
async function drain(stream: AsyncIterable<unknown>, each: (count: number) => void = () => {}) {
  let chunks = 0
  try {
    for await (const _ of stream) each(++chunks)
    return { chunks, end: 'end' }
  } catch (error) {
    return { chunks, end: describe(error) }
  }
}

/** Class, message and class of the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`
  const cause = error.cause instanceof Error ? ` <- ${error.cause.constructor.name}: ${error.cause.message}` : ''
  return `${error.constructor.name}: ${error.message}${cause}`
}

async function outcomeOf(promise: PromiseLike<unknown>): Promise<string> {
  try {
    const value = await promise
    return typeof value === 'object' && value !== null ? value.constructor.name : String(value)
  } catch (error) {
    return describe(error)
  }
}

/** What an application could tell one stream from another by. */
function identity({ sdk }: Surroundings, stream: StreamOf) {
  return {
    keys: Object.keys(stream),
    symbols: Object.getOwnPropertySymbols(stream).length,
    class: stream.constructor === sdk.Stream,
    isStream: stream instanceof sdk.Stream,
    iterator: Object.prototype.toString.call(stream[Symbol.asyncIterator]),
  }
}

/** Every way an application can leave a stream or an answer: the name is the table's key in the test. */
export const EXITS: Readonly<Record<string, (around: Surroundings) => Promise<unknown>>> = {
  end: async (around) => {
    const promise = open(around.openai, PLAIN)
    const kind = {
      class: promise.constructor.name,
      keys: Object.keys(promise).toSorted(),
      isPromise: promise instanceof Promise,
    }
    const stream = await promise
    return { kind, identity: identity(around, stream), ...(await drain(stream)) }
  },
  responses: async ({ openai }) => drain(await openai.responses.create({ model: PLAIN, input: 'Hi', stream: true })),
  completions: async ({ openai }) =>
    drain(await openai.completions.create({ model: PLAIN, prompt: 'Hi', stream: true })),
  break: async ({ openai }) => {
    let chunks = 0
    for await (const _ of await open(openai, PLAIN)) if (++chunks === 2) break
    return chunks
  },
  break_after_finish: async ({ openai }) => {
    for await (const { choices } of await open(openai, PLAIN)) if (choices[0]?.finish_reason === 'stop') return 'stop'
    return 'end'
  },
  throw_in_body: async ({ openai }) =>
    drain(await open(openai, PLAIN), (count) => {
      if (count === 2) throw new TypeError("the application's own")
    }),
  iterator_throw: async ({ openai }) => {
    const iterator = (await open(openai, PLAIN))[Symbol.asyncIterator]()
    await iterator.next()
    const thrown = await outcomeOf(iterator.throw?.(new RangeError('thrown in')) ?? Promise.resolve('no throw'))
    return { thrown, next: await iterator.next() }
  },
  iterator_return: async ({ openai }) => {
    const iterator = (await open(openai, PLAIN))[Symbol.asyncIterator]()
    await iterator.next()
    return { returned: await iterator.return?.('value'), next: await iterator.next() }
  },
  controller_abort: async ({ openai }) => {
    const stream = await open(openai, STALLED)
    return drain(stream, (count) => count === 3 && stream.controller.abort())
  },
  controller_abort_with_error: async ({ openai }) => {
    const stream = await open(openai, STALLED)
    return drain(stream, (count) => count === 3 && stream.controller.abort(new Error('enough')))
  },
  controller_abort_before_iteration: async ({ openai }) => {
    const stream = await open(openai, STALLED)
    stream.controller.abort()
    const reading = drain(stream)
    // openai 4 waits for ever for a body of node-fetch that was aborted before it was read.
    return oldHelpers(openai) === undefined ? reading : 'waits for ever'
  },
  hostile_reason: async ({ openai, abort, signal }) => {
    const reason = {
      get name(): string {
        throw new EvalError('a getter of a stranger')
      },
    }
    return drain(await open(openai, STALLED, { signal }), (count) => count === 3 && abort.abort(reason))
  },
  signal_abort: async ({ openai, abort, signal }) =>
    drain(await open(openai, STALLED, { signal }), (count) => count === 3 && abort.abort()),
  signal_abort_with_error: async ({ openai, abort, signal }) =>
    drain(await open(openai, STALLED, { signal }), (count) => count === 3 && abort.abort(new Error('left'))),
  signal_abort_while_waiting: async ({ openai, abort, signal }) => {
    const iterator = (await open(openai, STALLED, { signal }))[Symbol.asyncIterator]()
    const results: unknown[] = []
    const read = async (): Promise<void> => {
      for (let result = await iterator.next(); result.done !== true; result = await iterator.next())
        results.push(result)
    }
    const reading = outcomeOf(read())
    while (results.length < 3) await new Promise(setImmediate)
    abort.abort()
    return { end: await reading, chunks: results.length }
  },
  signal_abort_before_request: async ({ openai, abort, signal }) => {
    abort.abort()
    return outcomeOf(open(openai, PLAIN, { signal }))
  },
  signal_abort_before_headers: async ({ openai, abort, signal }) => {
    const promise = outcomeOf(open(openai, 'fault:slow_headers', { signal }))
    // Let the request go out.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    abort.abort()
    return promise
  },
  signal_timeout: async ({ openai }) => drain(await open(openai, STALLED, { signal: AbortSignal.timeout(150) })),
  signal_timeout_before_headers: ({ openai }) =>
    outcomeOf(open(openai, 'fault:slow_headers', { signal: AbortSignal.timeout(150) })),
  sdk_timeout: ({ openai }) =>
    outcomeOf(
      openai.chat.completions.create({ model: 'fault:slow_headers', messages, stream: true }, { timeout: 150 }),
    ),
  reset: async ({ openai }) => drain(await open(openai, 'fault:reset_inside_event')),
  malformed: async ({ openai }) => drain(await open(openai, 'fault:cut_json')),
  http_500: ({ openai }) => outcomeOf(open(openai, 'fault:http_500')),
  reset_before_headers: ({ openai }) => outcomeOf(open(openai, 'fault:reset_before_headers')),
  controller_abort_in_one_read: async ({ openai }) => {
    const stream = await open(openai, 'healthy:one_write')
    return drain(stream, (count) => count === 2 && stream.controller.abort())
  },
  // The usual way round the SDK having no timeout for the body.
  timeout_of_own_fetch: async ({ sdk, openai }) => {
    const impatient: typeof fetch = (url, init) =>
      fetch(url, {
        ...init,
        signal: AbortSignal.any([AbortSignal.timeout(150), ...(init?.signal ? [init.signal] : [])]),
      })
    const { baseURL, apiKey } = openai
    return drain(await open(new sdk.OpenAI({ baseURL, apiKey, fetch: impatient, logLevel: 'off' }), STALLED))
  },
  // The timers of the HTTP client, which the SDK does not know of.
  undici_body_timeout: async ({ sdk, openai }) => {
    const { baseURL, apiKey } = openai
    const dispatcher = new Agent({ bodyTimeout: 150 })
    const impatient: typeof fetch = (url, init) => fetch(url, { ...init, dispatcher } as object)
    const seen = await drain(
      await open(new sdk.OpenAI({ baseURL, apiKey, fetch: impatient, logLevel: 'off' }), STALLED),
    )
    await dispatcher.destroy()
    return seen
  },
  frozen_response: async ({ sdk, openai }) => {
    const freezing: typeof fetch = async (url, init) => {
      const { body, headers, ok, status } = await fetch(url, init)
      return Object.freeze({ body, headers, ok, status, url: '' }) as Response
    }
    const { baseURL, apiKey } = openai
    return drain(await open(new sdk.OpenAI({ baseURL, apiKey, fetch: freezing, logLevel: 'off' }), PLAIN))
  },
  body_taken_away: async ({ openai }) => {
    const { data, response } = await open(openai, PLAIN).withResponse()
    const { length } = await response.text()
    return { length, ...(await drain(data)) }
  },
  // A timer that nobody stops fires in the end: here, after the answer was read.
  as_response_with_timeout: async ({ openai, abort, signal }) => {
    const { length } = await (await open(openai, PLAIN, { signal }).asResponse()).text()
    abort.abort(new DOMException('too late', 'TimeoutError'))
    return length
  },
  // Nobody holds the signal but the request; and the signal holds the stream.
  never_iterated_with_listener: async ({ openai }) => {
    const { signal } = new AbortController()
    const stream = await open(openai, PLAIN, { signal })
    signal.addEventListener('abort', () => stream.controller.abort())
  },
  abort_after_end: async ({ openai }) => {
    const stream = await open(openai, PLAIN)
    const seen = await drain(stream)
    stream.controller.abort()
    return seen
  },
  tee_both: async ({ openai }) => {
    const [left, right] = (await open(openai, PLAIN)).tee()
    return Promise.all([drain(left), drain(right)])
  },
  tee_one: async ({ openai }) => {
    const [left] = (await open(openai, PLAIN)).tee()
    return drain(left)
  },
  tee_one_breaks: async ({ openai }) => {
    const [left, right] = (await open(openai, PLAIN)).tee()
    for await (const _ of left) break
    return drain(right)
  },
  tee_none: async ({ openai }) => (await open(openai, PLAIN)).tee().length,
  readable_to_end: async ({ openai }) =>
    (await new Response((await open(openai, PLAIN)).toReadableStream()).text()).split('\n').length,
  readable_cancelled: async ({ openai }) => {
    const reader = (await open(openai, PLAIN)).toReadableStream().getReader() as ReadableStreamDefaultReader<Uint8Array>
    const { done } = await reader.read()
    await reader.cancel('enough')
    return done
  },
  with_response: async ({ openai, sdk }) => {
    const { data, response, request_id: id } = await open(openai, PLAIN).withResponse()
    const kind = {
      response: response.constructor.name,
      isResponse: response instanceof Response,
      bodyUsed: response.bodyUsed,
    }
    return {
      ...kind,
      id: typeof id,
      isStream: data instanceof sdk.Stream,
      ...(await drain(data)),
      bodyUsedAfter: response.bodyUsed,
    }
  },
  as_response: async ({ openai }) => {
    const response = await open(openai, PLAIN).asResponse()
    return { class: response.constructor.name, ends: (await response.text()).endsWith('data: [DONE]\n\n') }
  },
  as_response_and_stream: async ({ openai }) => {
    const promise = open(openai, PLAIN)
    const response = await promise.asResponse()
    return { status: response.status, ...(await drain(await promise)) }
  },
  never_iterated: async ({ openai }) => void (await open(openai, PLAIN)),
  never_awaited: async ({ openai }) => void open(openai, PLAIN),
  never_awaited_500: async ({ openai }) => {
    void open(openai, 'fault:http_500')
    await once(process, 'unhandledRejection')
  },
  iterated_twice: async ({ openai }) => {
    const stream = await open(openai, PLAIN)
    return [await drain(stream), await drain(stream)]
  },
  iterated_twice_at_once: async ({ openai }) => {
    const stream = await open(openai, PLAIN)
    return Promise.all([drain(stream), drain(stream)])
  },
  awaited_twice: async ({ openai }) => {
    const promise = open(openai, PLAIN)
    const [first, second] = await Promise.all([promise, promise])
    return { same: first === second, ...(await drain(first)) }
  },
  next_dropped: async ({ openai }) => {
    const { done } = await (await open(openai, PLAIN))[Symbol.asyncIterator]().next()
    return done
  },
  next_at_once: async ({ openai }) => {
    const iterator = (await open(openai, PLAIN))[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 40 }, () => iterator.next()))
    return results.filter(({ done }) => done !== true).length
  },
  next_rejects_unhandled: async ({ openai }) => {
    const iterator = (await open(openai, 'fault:cut_json'))[Symbol.asyncIterator]()
    for (let count = 0; count < 6; count++) void iterator.next()
    await once(process, 'unhandledRejection')
  },
  helper_to_end: async ({ openai }) => drain(helpers(openai).stream({ model: PLAIN, messages })),
  helper_final: async ({ openai }) => typeof (await helpers(openai).stream({ model: PLAIN, messages }).finalContent()),
  helper_aborted: async ({ openai }) => {
    const stream = helpers(openai).stream({ model: STALLED, messages })
    let isFirst = true
    stream.on('chunk', () => {
      if (isFirst) stream.abort()
      isFirst = false
    })
    return outcomeOf(stream.finalChatCompletion())
  },
  helper_cut: ({ openai }) => outcomeOf(helpers(openai).stream({ model: 'fault:no_done', messages }).finalContent()),
  helper_responses: async ({ openai }) =>
    outcomeOf(openai.responses.stream({ model: PLAIN, input: 'Hi' }).finalResponse()),
  answer: async ({ openai }) => {
    const promise = openai.chat.completions.create({ model: PLAIN, messages })
    const { id, choices, usage } = await promise
    return {
      class: promise.constructor.name,
      id: typeof id,
      reason: choices[0]?.finish_reason,
      usage: typeof usage?.total_tokens,
    }
  },
  answer_responses: async ({ openai }) =>
    (await openai.responses.create({ model: PLAIN, input: 'Hi' })).output_text.length > 0,
  answer_completions: async ({ openai }) =>
    (await openai.completions.create({ model: PLAIN, prompt: 'Hi' })).choices.length,
  answer_500: ({ openai }) => outcomeOf(openai.chat.completions.create({ model: 'fault:http_500', messages })),
  answer_reset: ({ openai }) =>
    outcomeOf(openai.chat.completions.create({ model: 'fault:reset_before_headers', messages })),
  answer_reset_in_body: ({ sdk }) =>
    outcomeOf(brokenClient(sdk).chat.completions.create({ model: 'broken', messages })),
  answer_not_json: ({ sdk }) =>
    outcomeOf(
      fixedClient(sdk, '{"id": "chatcmpl', 'application/json').chat.completions.create({ model: 'broken', messages }),
    ),
  answer_html: ({ sdk }) =>
    outcomeOf(
      fixedClient(sdk, '<html>blocked</html>', 'text/html').chat.completions.create({ model: 'broken', messages }),
    ),
  answer_aborted: async ({ openai, abort, signal }) => {
    const promise = outcomeOf(openai.chat.completions.create({ model: 'fault:slow_headers', messages }, { signal }))
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    abort.abort()
    return promise
  },
  answer_timed_out: ({ openai }) =>
    outcomeOf(
      openai.chat.completions.create({ model: 'fault:slow_headers', messages }, { signal: AbortSignal.timeout(150) }),
    ),
  answer_never_awaited: async ({ openai }) => void openai.chat.completions.create({ model: PLAIN, messages }),
  answer_raw: async ({ openai }) => {
    const response = await openai.chat.completions.create({ model: PLAIN, messages }).asResponse()
    return Object.keys((await response.json()) as object).length
  },
  answer_parse: async ({ openai }) => {
    const promise = helpers(openai).parse({ model: PLAIN, messages })
    const { choices } = await promise
    return { class: promise.constructor.name, parsed: choices[0]?.message.parsed ?? null }
  },
  answer_parse_responses: async ({ openai }) =>
    (await openai.responses.parse({ model: PLAIN, input: 'Hi' })).output_parsed,
  answer_with_response: async ({ openai }) => {
    const { data, response } = await openai.chat.completions.create({ model: PLAIN, messages }).withResponse()
    return { id: typeof data.id, status: response.status, bodyUsed: response.bodyUsed }
  },
  answer_read_twice: async ({ openai }) => {
    const promise = openai.chat.completions.create({ model: PLAIN, messages })
    const [first, second] = await Promise.all([promise, promise.then((value) => value)])
    return first === second
  },
  models: async ({ openai }) => {
    const list = await openai.models.list()
    return list.data.length > 0
  },
}
