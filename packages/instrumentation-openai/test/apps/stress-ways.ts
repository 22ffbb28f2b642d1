import { pick } from './random.ts'
import type { Sdk } from './sdks.ts'

type Client = InstanceType<Sdk['OpenAI']>

/** What one stream has at hand. */
export interface Surroundings {
  readonly openai: Client
  readonly random: () => number
  readonly abort: AbortController
  /** One that lives as long as the process, such as that of a graceful shutdown. */
  readonly shutdown: AbortSignal
}

const messages = [{ role: 'user' as const, content: 'Hi' }]
const ENDING = [
  'healthy:plain',
  'fault:cut_json',
  'fault:no_done',
  'fault:reset_inside_event',
  'fault:http_500',
] as const
const ANY = [...ENDING, 'fault:stall_forever'] as const

function open(openai: Client, model: string, signal?: AbortSignal) {
  return openai.chat.completions.create({ model, messages, stream: true }, signal === undefined ? {} : { signal })
}

async function drain(stream: AsyncIterable<unknown>, each: (count: number) => unknown = () => {}): Promise<string> {
  let chunks = 0
  for await (const _ of stream) if (each(++chunks) === 'break') return `${chunks} and broke off`
  return `${chunks}`
}

/** The helpers of chat: openai 4 has them in a place of their own. */
function helpers(openai: Client): Client['chat']['completions'] {
  const { beta } = openai as unknown as { readonly beta: { readonly chat?: Client['chat'] } }
  return beta.chat?.completions ?? openai.chat.completions
}

/** After some turns, which may be before the headers, in the middle of the body, or after its end. */
async function later(random: () => number, run: () => void): Promise<void> {
  for (let turns = Math.floor(random() * 12); turns > 0; turns--) await new Promise(setImmediate)
  run()
}

/** Ways to leave a stream. All but those of `RACING` give the same each time. */
export const WAYS: Readonly<Record<string, (around: Surroundings) => Promise<unknown>>> = {
  end: async ({ openai, random }) => drain(await open(openai, pick(random, ENDING))),
  break: async ({ openai, random }) => {
    const at = 1 + Math.floor(random() * 3)
    return drain(await open(openai, pick(random, ANY)), (count) => (count === at ? 'break' : ''))
  },
  throw: async ({ openai, random }) =>
    drain(await open(openai, pick(random, ANY)), (count) => {
      if (count === 2) throw new RangeError("the application's own")
    }),
  signal_before: ({ openai, abort }) => {
    abort.abort()
    return open(openai, 'healthy:plain', abort.signal)
  },
  signal_before_headers: async ({ openai, abort }) => {
    const promise = open(openai, 'fault:slow_headers', abort.signal)
    setImmediate(() => abort.abort())
    return promise
  },
  signal_after_headers: async ({ openai, abort }) => {
    const stream = await open(openai, 'fault:stall_forever', abort.signal)
    abort.abort()
    return drain(stream)
  },
  signal_in_mid_stream: async ({ openai, abort }) =>
    drain(await open(openai, 'fault:stall_forever', abort.signal), (count) => count === 2 && abort.abort()),
  signal_of_the_process: async ({ openai, shutdown }) => drain(await open(openai, 'healthy:plain', shutdown)),
  controller_in_mid_stream: async ({ openai }) => {
    const stream = await open(openai, 'fault:stall_forever')
    return drain(stream, (count) => count === 3 && stream.controller.abort())
  },
  timeout: async ({ openai, abort }) => {
    const stream = await open(openai, 'fault:stall_forever', abort.signal)
    return drain(stream, (count) => count === 3 && abort.abort(new DOMException('too late', 'TimeoutError')))
  },
  listener_of_the_app: async ({ openai, abort }) => {
    const stream = await open(openai, 'healthy:plain', abort.signal)
    abort.signal.addEventListener('abort', () => stream.controller.abort(), { once: true })
    abort.abort()
  },
  never_iterated: async ({ openai, random }) => void (await open(openai, pick(random, ANY))),
  never_awaited: async ({ openai }) => void open(openai, 'healthy:plain'),
  never_awaited_and_refused: async ({ openai }) => void open(openai, 'fault:http_500'),
  next_dropped: async ({ openai }) => void (await (await open(openai, 'healthy:plain'))[Symbol.asyncIterator]().next()),
  tee_both: async ({ openai, random }) => {
    const branches = (await open(openai, pick(random, ENDING))).tee()
    return (await Promise.allSettled(branches.map((branch) => drain(branch)))).map(({ status }) => status)
  },
  tee_one: async ({ openai }) => drain((await open(openai, 'healthy:plain')).tee()[1]),
  tee_none: async ({ openai }) => (await open(openai, 'healthy:plain')).tee().length,
  readable_to_end: async ({ openai }) =>
    (await new Response((await open(openai, 'healthy:plain')).toReadableStream()).text()).length,
  readable_cancelled: async ({ openai }) => {
    const reader = (await open(openai, 'healthy:plain')).toReadableStream().getReader()
    await reader.read()
    await reader.cancel()
  },
  readable_dropped: async ({ openai }) => void (await open(openai, 'healthy:plain')).toReadableStream(),
  raw: async ({ openai }) => (await (await open(openai, 'healthy:plain').asResponse()).text()).length,
  raw_dropped: async ({ openai }) => (await open(openai, 'healthy:plain').asResponse()).status,
  with_response: async ({ openai, random }) => {
    const { data, response } = await open(openai, pick(random, ENDING)).withResponse()
    return [response.status, await drain(data)]
  },
  with_response_dropped: async ({ openai }) => (await open(openai, 'healthy:plain').withResponse()).response.status,
  helper_to_end: async ({ openai }) => drain(helpers(openai).stream({ model: 'healthy:plain', messages })),
  helper_aborted: async ({ openai }) => {
    const helper = helpers(openai).stream({ model: 'fault:stall_forever', messages })
    helper.once('chunk', () => helper.abort())
    return helper.done()
  },
  signal_at_any_time: async ({ openai, random, abort }) => {
    const reading = open(openai, 'fault:stall_forever', abort.signal).then((stream) => drain(stream))
    void later(random, () => abort.abort())
    return reading
  },
}

/** What they see depends on what comes first. */
export const RACING: ReadonlySet<string> = new Set(['signal_at_any_time'])

/** openai 4 waits for ever for a body of node-fetch that was aborted before it was read. */
export const WAITING_IN_4: ReadonlySet<string> = new Set(['signal_after_headers', 'signal_at_any_time'])
