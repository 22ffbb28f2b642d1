// Many streams that break at random, with all majors of the SDK and all policies, and an account of each: every chunk was handed over
// once, in order, or the app was told. Prints how many ended how, as JSON; and what went wrong, with the seed that shows it again.
//
//   node --experimental-strip-types soak.ts <streams> <seed>
import type { OpenAI } from 'openai'
import { isRestart, recoverStream, type AfterDelivery, type Clock, type StreamBrokenError } from '@streamgauge/recovery'
import { Random } from './random.ts'
import { makeClient, MAJORS, type Major } from './sdks.ts'
import { SoakServer } from './soak-server.ts'

const [streams, seed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)]
const LANES = 64
console.error = () => {}

/** Nobody waits. */
const clock: Clock = {
  nowMs: () => performance.now(),
  dateMs: () => Date.now(),
  setTimer: (run) => {
    const timer = setImmediate(run)
    return () => clearImmediate(timer)
  },
}

type ResponseRequest = OpenAI.Responses.ResponseCreateParamsStreaming
type ChatRequest = OpenAI.ChatCompletionCreateParamsStreaming

const ends: Record<string, number> = {}
const failures: string[] = []

async function soakOne(at: number): Promise<void> {
  const random = new Random(seed + at * 7919)
  const major = random.pick(MAJORS)
  const server = new SoakServer(String(at), random)
  const client = await makeClient(major, 'http://soak/v1', { fetch: server.fetch })
  const background = random.chance(0.4)
  const afterDelivery: AfterDelivery = random.pick(['throw', 'restart', 'continue'])
  const leaveAfter = random.chance(0.05) ? random.below(6) : Infinity
  const request: ResponseRequest | ChatRequest = background
    ? { model: 'm', input: 'hi', background: true, stream: true }
    : { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true }
  const stream = recoverStream<unknown, typeof request>(
    ({ request: body, options }) => {
      if (background) return client.responses.create(body as ResponseRequest, options) as never
      return client.chat.completions.create(body as ChatRequest, options) as never
    },
    { request, client, afterDelivery, clock, random: random.next, maxAttempts: 4, mayRepeat: random.chance(0.5) },
  )
  const got = await read(stream, leaveAfter)
  const faults = [...checkText(got, server, got.text.length), ...checkChunks(got, server, major, stream.attempts)]
  const end = got.hasLeft ? 'left' : got.error === undefined ? 'whole' : `error ${got.error.code}`
  ends[end] = (ends[end] ?? 0) + 1
  for (const fault of faults) failures.push(`stream ${at} (openai ${major}, ${afterDelivery}): ${fault}`)
}

interface Got {
  readonly text: string
  readonly chunks: number
  readonly isPolled: boolean
  readonly hasLeft: boolean
  readonly error: StreamBrokenError | undefined
  readonly before: readonly string[]
}

async function read(stream: AsyncIterable<unknown>, leaveAfter: number): Promise<Got> {
  const before: string[] = []
  const state = { text: '', chunks: 0, isPolled: false, hasLeft: false }
  try {
    for await (const chunk of stream) {
      if (isRestart(chunk)) {
        before.push(state.text)
        state.text = ''
        continue
      }
      state.chunks++
      const { choices, type, delta } = chunk as {
        choices?: OpenAI.ChatCompletionChunk['choices']
        type?: string
        delta?: string
      }
      state.text += type === 'response.output_text.delta' ? (delta ?? '') : (choices?.[0]?.delta?.content ?? '')
      state.isPolled = type === 'response.completed'
      if (state.chunks >= leaveAfter) {
        state.hasLeft = true
        break
      }
    }
  } catch (error) {
    return { ...state, before, error: error as StreamBrokenError }
  }
  return { ...state, before, error: undefined }
}

/** The app has the answer, or its beginning: no word twice, none left out. */
function checkText({ text, error, hasLeft, before, isPolled }: Got, { words }: SoakServer, length: number): string[] {
  const whole = words.join('')
  const faults = [...before, text].filter((one) => !whole.startsWith(one)).map((one) => `has "${one}" of "${whole}"`)
  if (error !== undefined && error.name !== 'StreamBrokenError') faults.push(`threw ${String(error)}`)
  if (error !== undefined && error.partial?.text !== text)
    faults.push(`was told of "${error.partial?.text}", has "${text}"`)
  const isWhole = text === whole || isPolled
  if (error === undefined && !hasLeft && !isWhole)
    faults.push(`ended well after ${length} of ${whole.length} characters`)
  return faults
}

type Attempts = ReturnType<typeof recoverStream>['attempts']

/** Whatever the server sent whole was handed over, left out as known, or came after the app had left. */
function checkChunks({ chunks, hasLeft }: Got, { served }: SoakServer, major: Major, attempts: Attempts): string[] {
  const faults: string[] = []
  const streamed = attempts.filter(({ action }) => action !== 'poll')
  const handedOver = attempts.reduce((sum, attempt) => sum + attempt.chunks, 0)
  if (handedOver !== chunks) faults.push(`got ${chunks} chunks, was told of ${handedOver}`)
  if (served.length < attempts.length) faults.push(`${attempts.length} attempts, ${served.length} requests`)
  for (const [at, attempt] of streamed.entries()) {
    const { events = 0, tail = 0 } = served[at] ?? {}
    const known = attempt.chunks + attempt.repeated
    const most = events + (major === 7 ? tail : 0)
    const isAll = known === most || (known === events && tail === 1)
    const isLeft = hasLeft && at === streamed.length - 1 && known <= most
    if (!isAll && !isLeft) faults.push(`attempt ${at + 1}: ${events} events came, ${known} are accounted for`)
  }
  return faults
}

let next = 0
async function lane(): Promise<void> {
  while (next < streams) await soakOne(next++)
}
process.on('unhandledRejection', (error) => failures.push(`unhandled: ${String(error)}`))
await Promise.all(Array.from({ length: LANES }, lane))
process.stdout.write(JSON.stringify({ seed, ends, failures: failures.slice(0, 20), failed: failures.length }))
