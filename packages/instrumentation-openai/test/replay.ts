import { expect } from '@jest/globals'
import { GEN_AI } from '@streamgauge/core/semconv'
import type { Replay, Replayed, ReplayedSpan } from './apps/replay.ts'
import { runApp } from './run-app.ts'

export const MAJORS = [6, 7] as const

/** Replays a stream to the SDK, in a process of its own, and gives what came of it. */
export async function replay(what: Replay, env: Readonly<Record<string, string>> = {}): Promise<Replayed> {
  const { stdout, stderr, exitCode } = await runApp('replay.ts', [JSON.stringify(what)], { env })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Replayed
}

/** The one span of a request. */
export function requestSpan({ spans }: Replayed): ReplayedSpan {
  const found = spans.filter(({ name }) => name !== 'streamgauge.chunk' && name !== 'own')
  if (found.length !== 1 || found[0] === undefined) throw new Error(`expected one span, but there are ${found.length}`)
  return found[0]
}

/** An event of a chat stream. */
export function chatEvent(delta: Readonly<Record<string, unknown>>, finishReason: string | null = null): string {
  return sse({
    id: 'chatcmpl-7',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-test-2026',
    system_fingerprint: 'fp_1',
    service_tier: 'default',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })
}

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}

export const DONE = 'data: [DONE]\n\n'
export const USAGE: string = sse({
  id: 'chatcmpl-7',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-test-2026',
  choices: [],
  usage: {
    prompt_tokens: 11,
    completion_tokens: 5,
    total_tokens: 16,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 2 },
  },
})
/** A whole answer: role, three words, finish reason, terminator; each its own read. */
export const HELLO: readonly string[] = [
  chatEvent({ role: 'assistant', content: '' }),
  chatEvent({ content: 'Hello' }),
  chatEvent({ content: ' wide' }),
  chatEvent({ content: ' world' }),
  chatEvent({}, 'stop'),
  DONE,
]

export const CUT: string = chatEvent({ content: ' never whole' }).slice(0, -20)
/** Three reads, the last of which is cut. */
export const BROKEN: readonly string[] = [...HELLO.slice(0, 2), CUT]

/** Attributes that all metrics of a replay have. */
export const COMMON: Readonly<Record<string, string>> = {
  [GEN_AI.OPERATION_NAME]: 'chat',
  [GEN_AI.PROVIDER_NAME]: 'openai',
  [GEN_AI.REQUEST_MODEL]: 'gpt-test',
  [GEN_AI.SERVER_ADDRESS]: 'llm.example',
}

/** The points of a metric as `{its own attributes: value}`, without those that all metrics have. */
export function values(metrics: Replayed['metrics'] | undefined, name: string): Record<string, unknown> {
  const points = metrics?.[name] ?? []
  return Object.fromEntries(
    points.map(({ attributes, value }) => {
      const own = Object.entries(attributes).filter(([key]) => !(key in COMMON))
      expect(attributes).toMatchObject(COMMON)
      return [own.map(([, text]) => String(text)).join('|'), value]
    }),
  )
}
