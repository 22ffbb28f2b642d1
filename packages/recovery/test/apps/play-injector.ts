import { trace } from '@opentelemetry/api'
import { listApis, type FaultServer, type Injector } from '@streamgauge/fault-server'
import type { OpenAI } from 'openai'
import {
  isRestart,
  reassemble,
  recoverStream,
  requireComplete,
  type RecoverOptions,
  type StreamBrokenError,
} from '@streamgauge/recovery'

import { SilenceSignal } from './silence-signal.ts'
import { makeClient, type Major } from './sdks.ts'

/** What an app may do about broken streams. */
export const POLICIES = ['throw', 'restart', 'continue', 'reassemble', 'requireComplete', 'awaited'] as const
export type Policy = (typeof POLICIES)[number]

/** What an app got of one stream. */
export interface Played {
  readonly name: string
  /** Text of each answer that it got: a marker begins the next one. */
  readonly texts: readonly string[]
  readonly chunks: number
  /** What it caught. */
  readonly error?: { readonly name: string; readonly code: unknown; readonly partialChunks: number | undefined }
  readonly attempts: readonly { readonly action: string; readonly chunks: number; readonly code?: string | undefined }[]
  readonly traceId: string
}

/** Pauses of the server, as a part of what the catalogue of faults names. */
export const TIME_SCALE = 0.1

const CHAT = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const }
const RESPONSES = { model: 'm', input: 'hi', store: false, stream: true as const }

/**
 * Asks for a stream that breaks at its first attempt, and is whole at every other, in a trace of its own.
 *
 * The first request alone names the fault, in a header: the request itself is the same each time, and so is its answer.
 */
export async function playInjector(
  server: FaultServer,
  major: Major,
  injector: Injector,
  policy: Policy,
): Promise<Played> {
  const { client: hints = {}, name } = injector
  const { timeoutMs: timeout, signalTimeoutMs } = hints
  const client = await makeClient(major, server.baseURL, policy === 'reassemble' ? { fetch: reassemble() } : {})
  const isChat = listApis(injector).includes('chat')
  const chat = hints.includeUsage === true ? { ...CHAT, stream_options: { include_usage: true } } : CHAT
  // Only the `fetch` that openai 4 brings goes on waiting there.
  const isOwnFetch = major === 4 && policy !== 'reassemble'
  const needsSignal = signalTimeoutMs !== undefined && (isOwnFetch || name !== 'short_content_length')
  const silence = needsSignal ? new SilenceSignal() : undefined
  const signal = silence?.signal
  const create = (body: object, options: object): PromiseLike<AsyncIterable<unknown>> =>
    (isChat
      ? client.chat.completions.create(body as typeof CHAT, options)
      : client.responses.create(body as typeof RESPONSES, options)) as PromiseLike<AsyncIterable<unknown>>
  const request = isChat ? chat : RESPONSES
  const first = { headers: { 'x-fault': name }, ...(timeout === undefined ? {} : { timeout }) }
  return trace.getTracer('test').startActiveSpan(name, async (own) => {
    const { traceId } = own.spanContext()
    const stream =
      policy === 'requireComplete'
        ? requireComplete(create(request, { ...first, signal, maxRetries: 0 }), { request })
        : recoverStream(
            ({ request: body, options, number }) => {
              const asked = create(body, number === 1 ? { ...options, ...first } : options)
              return policy === 'awaited' ? (async () => await asked)() : asked
            },
            { request, signal, ...SETTINGS[policy] },
          )
    const got = await read(stream, silence)
    const attempts = 'attempts' in stream ? stream.attempts : [{ action: 'start', chunks: got.chunks }]
    own.end()
    return { name, ...got, attempts, traceId }
  })
}

const SETTINGS: Readonly<Record<Exclude<Policy, 'requireComplete'>, RecoverOptions<object>>> = {
  throw: { initialDelayMs: 1 },
  restart: { initialDelayMs: 1, afterDelivery: 'restart' },
  continue: { initialDelayMs: 1, afterDelivery: 'continue' },
  reassemble: { initialDelayMs: 1 },
  awaited: { initialDelayMs: 1 },
}

async function read(
  stream: AsyncIterable<unknown>,
  silence?: SilenceSignal,
): Promise<Pick<Played, 'texts' | 'chunks' | 'error'>> {
  const texts = ['']
  let chunks = 0
  try {
    for await (const chunk of stream) {
      if (isRestart(chunk)) {
        texts.push('')
        continue
      }
      chunks++
      silence?.came()
      texts[texts.length - 1] += textOf(chunk)
    }
  } catch (thrown) {
    const { name, code, partial } = thrown as Partial<StreamBrokenError> & { readonly name: string }
    return { texts, chunks, error: { name, code, partialChunks: partial?.chunks } }
  } finally {
    silence?.stop()
  }
  return { texts, chunks }
}

function textOf(chunk: unknown): string {
  const { choices, type, delta } = chunk as {
    readonly choices?: OpenAI.ChatCompletionChunk['choices']
    readonly type?: string
    readonly delta?: string
  }
  if (type === 'response.output_text.delta') return delta ?? ''
  return choices?.[0]?.delta?.content ?? ''
}

/** The text of the answer that nothing breaks. */
export async function readWhole(server: FaultServer, isChat: boolean): Promise<string> {
  const client = await makeClient(7, server.baseURL)
  const stream = isChat ? await client.chat.completions.create(CHAT) : await client.responses.create(RESPONSES)
  return (await read(stream)).texts.join('')
}
