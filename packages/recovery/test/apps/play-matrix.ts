// Plays every fault and every healthy stream with one major version of the SDK, once for each policy: a process of its own, since
// errors of the platform are none of the SDK's in the realm of a test. Prints what came of it, as JSON.
import { SpanStatusCode } from '@opentelemetry/api'
import { FAULTS, HEALTHY, startFaultServer } from '@streamgauge/fault-server'
import { RECOVERY_METRIC, RECOVERY_SPAN } from '@streamgauge/recovery'
import { playInjector, POLICIES, readWhole, TIME_SCALE, type Played, type Policy } from './play-injector.ts'
import type { Major } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** All that came of one policy. */
export interface PolicyResult {
  readonly policy: Policy
  readonly played: readonly Played[]
  /** Requests that the server got. */
  readonly requests: number
  readonly spans: readonly SpanFacts[]
  readonly recovered: number
  readonly givenUp: number
}

export interface SpanFacts {
  readonly traceId: string
  readonly spanId: string
  readonly links: readonly string[]
  readonly isError: boolean
}

export interface MatrixResult {
  readonly wholeChat: string
  readonly wholeResponse: string
  readonly results: readonly PolicyResult[]
}

/** Streams that run beside each other. */
const LANES = 20

const major = Number(process.argv[2]) as Major
const telemetry = setUpTelemetry()
// openai 4 writes what it can't parse to the console.
console.error = () => {}
const server = await startFaultServer({ timeScale: TIME_SCALE, settleMs: 250 })

async function playAll(policy: Policy): Promise<Played[]> {
  const left = [...FAULTS, ...HEALTHY]
  const played: Played[] = []
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      played.push(await playInjector(server, major, next, policy))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return played
}

async function playPolicy(policy: Policy): Promise<PolicyResult> {
  await telemetry.reset()
  const before = server.requests
  const played = await playAll(policy)
  const spans = telemetry
    .spans()
    .filter(({ name }) => name === RECOVERY_SPAN)
    .map((span): SpanFacts => {
      const { traceId, spanId } = span.spanContext()
      const links = span.links.map(({ context }) => context.spanId)
      return { traceId, spanId, links, isError: span.status.code === SpanStatusCode.ERROR }
    })
  const added = await telemetry.added()
  const count = (name: string): number =>
    added.filter(({ metric }) => metric === name).reduce((sum, { value }) => sum + value, 0)
  const [recovered, givenUp] = [count(RECOVERY_METRIC.RECOVERED), count(RECOVERY_METRIC.GIVEN_UP)]
  return { policy, played, requests: server.requests - before, spans, recovered, givenUp }
}

const results: PolicyResult[] = []
for (const policy of POLICIES) results.push(await playPolicy(policy))
const result: MatrixResult = {
  wholeChat: await readWhole(server, true),
  wholeResponse: await readWhole(server, false),
  results,
}
await server.close()
process.stdout.write(JSON.stringify(result))
