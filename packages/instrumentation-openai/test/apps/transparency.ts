// Uses openai in unusual ways, and prints as JSON what the application saw, and how many spans there were.
//
//   node transparency.ts <major> [watched | noProviders]
import { Readable } from 'node:stream'
import { context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** One unusual use. */
export interface UseResult {
  readonly name: string
  readonly seen: unknown
  /** Absent without instrumentation. */
  readonly spans?: readonly {
    readonly id: string
    readonly parent?: string | undefined
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
}

const [, , major = '', mode] = process.argv
const sdk: Sdk & { readonly AzureOpenAI?: typeof import('openai7').AzureOpenAI } = await loadSdk(Number(major))
const { AzureOpenAI } = (await import(`openai${major}`)) as typeof import('openai7')
const telemetry = mode === 'watched' ? setUpTelemetry() : undefined
if (mode !== undefined) instrumentOpenAI(sdk)

const messages = [{ role: 'user' as const, content: 'Hi' }]
const EVENTS = ['Hello', ' wide', ' world'].map((content) => event({ content }, null))
const ANSWER = [...EVENTS, event({}, 'stop'), 'data: [DONE]\n\n']

function event(delta: object, finishReason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-7', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

type Fetch = NonNullable<ConstructorParameters<Sdk['OpenAI']>[0]>['fetch']

function client(fetch: Fetch, Class: Sdk['OpenAI'] = sdk.OpenAI, maxRetries = 0): InstanceType<Sdk['OpenAI']> {
  return new Class({ apiKey: 'test', baseURL: 'http://llm.example/v1', maxRetries, logLevel: 'off', fetch })
}

function open(openai: InstanceType<Sdk['OpenAI']>) {
  return openai.chat.completions.create({ model: 'm', messages, stream: true })
}

function respond(body: string | ReadableStream | null, status = 200): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' },
  })
}

function busy(): Response {
  const headers = { 'retry-after-ms': '1', 'content-type': 'application/json' }
  return new Response('{"error":{"message":"busy"}}', { status: 503, headers })
}

/** A body that notes what is asked of it, and gives one piece for each pull. */
function countingBody(pieces: readonly string[], log: string[], atEnd?: unknown): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        log.push('pull')
        const next = left.shift()
        if (next !== undefined) controller.enqueue(Buffer.from(next))
        else if (atEnd === undefined) controller.close()
        else controller.error(atEnd)
      },
      cancel: () => void log.push('cancel'),
    },
    { highWaterMark: 0 },
  )
}

async function drain(stream: AsyncIterable<unknown>): Promise<unknown> {
  const chunks: unknown[] = []
  try {
    for await (const chunk of stream) chunks.push(chunk)
    return chunks
  } catch (error) {
    return { chunks: chunks.length, thrown: `${(error as Error).constructor.name}: ${(error as Error).message}` }
  }
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

const unread: unknown[] = []

const USES: Readonly<Record<string, () => Promise<unknown>>> = {
  // What the body was asked for after each step of the consumer, with time for whoever would read ahead.
  back_pressure: async () => {
    const log: string[] = []
    const stream = await open(client(async () => respond(countingBody(ANSWER, log))))
    await turns(20)
    const steps = [log.length]
    for await (const _ of stream) {
      await turns(20)
      steps.push(log.length)
    }
    return { steps, log }
  },
  back_pressure_many_events_a_read: async () => {
    const log: string[] = []
    const stream = await open(
      client(async () => respond(countingBody([ANSWER.slice(0, 3).join(''), ANSWER.slice(3).join('')], log))),
    )
    const steps: number[] = []
    for await (const _ of stream) {
      await turns(20)
      steps.push(log.length)
    }
    return { steps, log }
  },
  back_pressure_break: async () => {
    const log: string[] = []
    for await (const _ of await open(client(async () => respond(countingBody(ANSWER, log))))) break
    await turns(20)
    return log
  },
  back_pressure_never_read: async () => {
    const log: string[] = []
    const stream = await open(client(async () => respond(countingBody(ANSWER, log))))
    await turns(20)
    stream.controller.abort()
    // Collected later, its span would come in the midst of another use.
    unread.push(stream)
    return log
  },
  back_pressure_tee: async () => {
    const log: string[] = []
    const [left, right] = (await open(client(async () => respond(countingBody(ANSWER, log))))).tee()
    const steps: number[] = []
    for await (const _ of left) steps.push(log.length)
    for await (const _ of right) steps.push(log.length)
    return { steps, log }
  },
  same_response: async () => {
    let made: Response | undefined
    const openai = client(async () => (made = respond(ANSWER.join(''))))
    const promise = open(openai)
    const { data, response } = await promise.withResponse()
    return {
      withResponse: response === made,
      asResponse: (await promise.asResponse()) === made,
      chunks: await drain(data),
    }
  },
  same_error: async () => {
    const error = new TypeError('terminated')
    const stream = await open(client(async () => respond(countingBody(EVENTS, [], error))))
    try {
      await drainAll(stream)
      return 'end'
    } catch (thrown) {
      return { same: thrown === error, keys: Reflect.ownKeys(error) }
    }
  },
  // The SDK gives the stream to whichever iterator asks first.
  iterator_nobody_uses: async () => {
    const stream = await open(client(async () => respond(ANSWER.join(''))))
    const unused = stream[Symbol.asyncIterator]()
    return { chunks: await drain(stream), unused: await drain({ [Symbol.asyncIterator]: () => unused }) }
  },
  // openai 7 follows two signals, and which of them was first is settled when somebody looks.
  reason_nobody_looked_at: async () => {
    const own = new AbortController()
    const openai = client(async () => respond(ANSWER.join('')))
    const stream = await openai.responses.create({ model: 'm', input: 'Hi', stream: true }, { signal: own.signal })
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.return?.()
    own.abort(new RangeError('enough'))
    await iterator.next()
    stream.controller.abort()
    return String(stream.controller.signal.reason)
  },
  same_chunks: async () => drain(await open(client(async () => respond(ANSWER.join(''))))),
  node_body: async () => {
    // A response in the manner of node-fetch: its body has no reader.
    const body = Readable.from(ANSWER.map((text) => Buffer.from(text)))
    return drain(
      await open(
        client((async () => ({ ok: true, status: 200, headers: new Headers(), body, url: '' })) as unknown as Fetch),
      ),
    )
  },
  no_body: async () => drain(await open(client(async () => respond(null)))),
  subclass: async () => {
    class Own extends sdk.OpenAI {
      protected override async prepareOptions(): Promise<void> {
        await turns(1)
      }
    }
    return drain(await open(client(async () => respond(ANSWER.join('')), Own)))
  },
  azure: async () => {
    let asked = ''
    const openai = new AzureOpenAI({
      apiKey: 'test',
      endpoint: 'https://own.openai.azure.com',
      apiVersion: '2026-01-01',
      deployment: 'mine',
      maxRetries: 0,
      logLevel: 'off',
      fetch: async (url) => {
        asked = url instanceof Request ? url.url : url.toString()
        return respond(ANSWER.join(''))
      },
    })
    return { chunks: await drain(await openai.chat.completions.create({ model: 'm', messages, stream: true })), asked }
  },
  retried: async () => {
    let calls = 0
    const fetch = async (): Promise<Response> => {
      calls++
      return calls === 3 ? respond(ANSWER.join('')) : busy()
    }
    return { chunks: await drain(await open(client(fetch, sdk.OpenAI, 5))), calls }
  },
  // A fetch that asks openai for something itself, such as a token or a translation.
  nested: async () => {
    const inner = client(async () => respond(ANSWER.join('')))
    const outer = client(async () => {
      await drainAll(await open(inner))
      return respond(ANSWER.join(''))
    })
    return drain(await open(outer))
  },
  concurrent: async () => {
    const one = async (index: number): Promise<boolean> => {
      const openai = client(async () => respond(countingBody(ANSWER, [])))
      const stream = await openai.chat.completions.create({ model: `m${index}`, messages, stream: true })
      let chunks = 0
      for await (const _ of stream) {
        chunks++
        await turns(index % 3)
        if (index % 5 === 0 && chunks === 2) break
      }
      return chunks === (index % 5 === 0 ? 2 : 4)
    }
    return (await Promise.all(Array.from({ length: 50 }, (_, index) => one(index)))).every(Boolean)
  },
  suppressed: () =>
    context.with(suppressTracing(context.active()), async () =>
      drain(await open(client(async () => respond(ANSWER.join(''))))),
    ),
  options_reject: async () => {
    const openai = client(async () => respond(ANSWER.join('')))
    try {
      await openai.post('/chat/completions', Promise.reject(new RangeError('no options')))
      return 'end'
    } catch (error) {
      return String(error)
    }
  },
  raw_post: async () => {
    const openai = client(async () => respond(ANSWER.join('')))
    return drain(await openai.post('/chat/completions', { body: { model: 'm', messages, stream: true }, stream: true }))
  },
  // With a number of retries of its own, which is how openai 4 tells its own next attempts.
  numbered_request: async () => {
    let calls = 0
    const fetch = async (): Promise<Response> => (++calls === 1 ? busy() : respond(ANSWER.join('')))
    const request = { method: 'post', path: '/chat/completions', body: { model: 'm', messages }, stream: true } as const
    const streams = await client(fetch, sdk.OpenAI, 5).request(request, 2)
    return { chunks: await drain(streams as AsyncIterable<unknown>), calls }
  },
  // The same options twice at once: two requests, though one of them could be a retry of the other by all that it says.
  numbered_requests_at_once: async () => {
    const request = { method: 'post', path: '/chat/completions', body: { model: 'm', messages }, stream: true } as const
    const openai = client(async () => respond(ANSWER.join('')))
    const streams = await Promise.all([openai.request(request, 2), openai.request(request, 2)])
    return Promise.all(streams.map((stream) => drain(stream as AsyncIterable<unknown>)))
  },
  odd_model: async () => {
    const openai = client(async () => respond(ANSWER.join('')))
    return drain(
      await openai.chat.completions.create({
        model: 7 as unknown as string,
        messages,
        stream: true,
        temperature: 'hot' as unknown as number,
      }),
    )
  },
  slow_body_retried: async () => {
    // openai 7 asks again where the body of an answer does not come in time; openai 6 waits for it.
    let calls = 0
    const answer = '{"id":"chatcmpl-7","object":"chat.completion","choices":[]}'
    const fetch = async (): Promise<Response> => {
      const isFirst = ++calls === 1 && major === '7'
      const body = isFirst ? new ReadableStream({ pull: () => new Promise(() => {}) }) : answer
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }
    const openai = client(fetch, sdk.OpenAI, 1)
    const { id } = await openai.chat.completions.create({ model: 'm', messages }, { timeout: 100 })
    return { id, calls }
  },
  slow_body: async () => {
    if (major !== '7') return 'openai 6 waits for ever'
    const body = new ReadableStream({ pull: () => new Promise(() => {}) })
    const openai = client(async () => new Response(body, { headers: { 'content-type': 'application/json' } }))
    try {
      return await openai.chat.completions.create({ model: 'm', messages }, { timeout: 100 })
    } catch (error) {
      return `${(error as Error).constructor.name}: ${(error as Error).message}`
    }
  },
}

async function drainAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) void _
}

const results: UseResult[] = []
for (const [name, use] of Object.entries(USES)) {
  telemetry?.reset()
  const seen = await use()
  await turns(3)
  const spans = telemetry?.spans().filter((span) => span.name !== 'streamgauge.chunk')
  const told = spans?.map((span) => ({
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    attributes: span.attributes,
  }))
  results.push(told === undefined ? { name, seen } : { name, seen, spans: told })
}
const active = trace.getSpan(context.active())
if (active !== undefined) throw new Error('a context was left behind')
process.stdout.write(JSON.stringify(results))
process.exit()
