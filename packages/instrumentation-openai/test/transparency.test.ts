import { beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer } from '@streamgauge/fault-server'
import type { UseResult } from './apps/transparency.ts'
import { runApp } from './run-app.ts'

// With and without us an application sees the same; how its process ends is in process-end.test.ts.
const MAJORS = [4, 6, 7] as const
type Major = (typeof MAJORS)[number]
type Mode = 'bare' | 'watched' | 'noProviders'

/** Use, and the outcomes of the spans it gives. */
const USES: readonly (readonly [name: string, outcomes: readonly unknown[]])[] = [
  ['back_pressure', ['completed']],
  ['back_pressure_many_events_a_read', ['completed']],
  ['back_pressure_break', ['cancelled']],
  ['back_pressure_never_read', []],
  ['back_pressure_tee', ['completed']],
  ['same_response', ['completed']],
  ['same_error', ['broken']],
  ['iterator_nobody_uses', ['completed']],
  ['reason_nobody_looked_at', ['cancelled']],
  ['same_chunks', ['completed']],
  ['node_body', ['completed']],
  ['no_body', ['broken']],
  ['subclass', ['completed']],
  ['azure', ['completed']],
  ['retried', ['completed']],
  ['nested', ['completed', 'completed']],
  ['concurrent', Array.from({ length: 50 }, () => expect.stringMatching(/^(completed|cancelled)$/))],
  ['suppressed', []],
  ['options_reject', []],
  ['raw_post', ['completed']],
  ['numbered_request', ['completed']],
  ['numbered_requests_at_once', ['completed', 'completed']],
  ['odd_model', ['completed']],
]

const runs = new Map<string, ReadonlyMap<string, UseResult>>()

beforeAll(async () => {
  const run = async (major: Major, mode: Mode): Promise<ReadonlyMap<string, UseResult>> => {
    const args = [`${major}`, ...(mode === 'bare' ? [] : [mode])]
    const { stdout, stderr, exitCode } = await runApp('transparency.ts', args)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    return new Map((JSON.parse(stdout) as UseResult[]).map((result) => [result.name, result]))
  }
  for (const major of MAJORS) {
    for (const mode of ['bare', 'watched', 'noProviders'] as const) runs.set(`${major} ${mode}`, await run(major, mode))
  }
}, 120_000)

function find(major: Major, mode: Mode, name: string): UseResult {
  const found = runs.get(`${major} ${mode}`)?.get(name)
  if (found === undefined) throw new Error(`${name} was not played`)
  return found
}

describe.each(MAJORS)('openai %i', (major) => {
  const names = [...USES.map(([name]) => name), 'slow_body', 'slow_body_retried']

  it.each(names)('the application sees the same with and without us: %s', (name) => {
    expect(find(major, 'watched', name).seen).toEqual(find(major, 'bare', name).seen)
  })

  it.each(names)('the application sees the same with us and no telemetry set up: %s', (name) => {
    expect(find(major, 'noProviders', name).seen).toEqual(find(major, 'bare', name).seen)
  })

  it('every use that is played is expected', () => {
    expect([...(runs.get(`${major} watched`)?.keys() ?? [])].toSorted()).toEqual(names.toSorted())
  })

  it.each(USES)('%s gives its spans', (name, outcomes) => {
    expect(find(major, 'watched', name).spans?.map(({ attributes }) => attributes[ATTR.OUTCOME])).toEqual(outcomes)
  })

  it('nothing is read before the application asks for it, nor after', () => {
    // Each event is one pull of the body; nothing is pulled before the first is asked for.
    expect(find(major, 'watched', 'back_pressure').seen).toMatchObject({ steps: [0, 1, 2, 3, 4] })
    expect(find(major, 'watched', 'back_pressure_many_events_a_read').seen).toMatchObject({ steps: [1, 1, 1, 2] })
    expect(find(major, 'watched', 'back_pressure_break').seen).toEqual(['pull', 'cancel'])
    expect(find(major, 'watched', 'back_pressure_never_read').seen).toEqual([])
  })

  it('responses, errors and chunks are the very ones of the SDK', () => {
    expect(find(major, 'watched', 'same_response').seen).toMatchObject({ withResponse: true, asResponse: true })
    expect(find(major, 'watched', 'same_error').seen).toMatchObject({ same: true, keys: ['stack', 'message'] })
  })

  it('a retried request is one span, which tells how often it was sent', () => {
    const { seen, spans } = find(major, 'watched', 'retried')
    expect(seen).toMatchObject({ calls: 3 })
    expect(spans?.map(({ attributes }) => attributes[ATTR.HTTP_ATTEMPTS])).toEqual([3])
    const [numbered] = find(major, 'watched', 'numbered_request').spans ?? []
    expect(numbered?.attributes[ATTR.HTTP_ATTEMPTS]).toBe(2)
  })

  it('a request made within another one is a span of its own, below it, and counts its own attempts', () => {
    const [inner, outer] = find(major, 'watched', 'nested').spans ?? []
    expect(inner?.parent).toBe(outer?.id)
    expect([inner, outer].map((span) => span?.attributes[ATTR.HTTP_ATTEMPTS])).toEqual([undefined, undefined])
  })

  it('streams that run at once are told apart', () => {
    for (const { attributes } of find(major, 'watched', 'concurrent').spans ?? []) {
      const index = Number(String(attributes[GEN_AI.REQUEST_MODEL]).slice(1))
      expect(attributes[ATTR.OUTCOME]).toBe(index % 5 === 0 ? 'cancelled' : 'completed')
      // What breaks off after two events has read two; the others read all, but for [DONE] openai 6 also reads the end.
      expect(attributes[ATTR.READS]).toBe(index % 5 === 0 ? 2 : 5)
    }
  })

  it('AzureOpenAI is told by its host', () => {
    expect(find(major, 'watched', 'azure').spans?.[0]?.attributes).toMatchObject({
      [GEN_AI.PROVIDER_NAME]: 'azure.ai.openai',
      [GEN_AI.REQUEST_MODEL]: 'm',
      [GEN_AI.SERVER_ADDRESS]: 'own.openai.azure.com',
      [GEN_AI.SERVER_PORT]: 443,
    })
  })

  it('parameters of the wrong type are left out', () => {
    const { attributes } = find(major, 'watched', 'odd_model').spans?.[0] ?? {}
    expect(attributes).not.toHaveProperty([GEN_AI.REQUEST_MODEL])
    expect(attributes).not.toHaveProperty([GEN_AI.REQUEST_TEMPERATURE])
  })

  it('who is disabled gives way, a second instrumentation is warned of once, and no request is seen twice', async () => {
    const server = await startFaultServer()
    const { stdout, stderr } = await runApp('two-instances.ts', [`${major}`, server.baseURL])
    await server.close()
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      spans: {
        on: 1,
        off: 0,
        'on again': 1,
        two: 1,
        'handed over': 1,
        'both again': 1,
        'handed back': 1,
        'a new one': 1,
        none: 0,
      },
      warnings: [expect.stringContaining('patched by another instrumentation')],
      warningsAfterFirst: 0,
      endedByDisabling: 0,
      outcomes: ['completed'],
      left: 16,
      chunks: 17,
      total: 1,
      listeners: 1,
    })
  }, 60_000)
})

it('openai 7: an answer whose body does not come in time is a timeout of the body, and asked for again in the same span', () => {
  const [timedOut] = find(7, 'watched', 'slow_body').spans ?? []
  expect(timedOut?.attributes).toMatchObject({ [GEN_AI.ERROR_TYPE]: 'body_timeout' })
  const [retried] = find(7, 'watched', 'slow_body_retried').spans ?? []
  expect(retried?.attributes).toMatchObject({ [ATTR.HTTP_ATTEMPTS]: 2, [GEN_AI.RESPONSE_ID]: 'chatcmpl-7' })
})
