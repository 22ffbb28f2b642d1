import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import {
  expectedFor,
  FAULTS,
  HEALTHY,
  HTTP2_FAULTS,
  startFaultServer,
  type Expected,
  type Injector,
  type SdkMajor,
} from '@streamgauge/fault-server'
import type { FaultResult } from './apps/all-faults.ts'
import type { HttpVersion } from './apps/consume.ts'
import { runApp } from './run-app.ts'

// Every fault that a server can cause ends in exactly its code, and every healthy stream in none, with the real SDKs; and
// the application sees of each what it sees without us.
const MAJORS: readonly SdkMajor[] = [4, 5, 6, 7]

/** A major version over one version of HTTP: its own fetch, or one of the application that speaks HTTP/2. */
interface Way {
  readonly name: string
  readonly major: SdkMajor
  readonly http: HttpVersion
}

const WAYS: readonly Way[] = ([1, 2] as const).flatMap((http) =>
  MAJORS.map((major) => ({ name: `openai ${major}${http === 2 ? ' over HTTP/2' : ''}`, major, http })),
)

interface Runs {
  readonly watched: Run
  readonly bare: Run
}
interface Run {
  readonly results: readonly FaultResult[]
  readonly rejections: readonly string[]
}

const runs = new Map<Way, Runs>()
let close: () => Promise<unknown>

beforeAll(async () => {
  const servers = { 1: await startFaultServer(), 2: await startFaultServer({ http2: true }) }
  close = () => Promise.all([servers[1].close(), servers[2].close()])
  const run = async ({ major, http }: Way, ...flags: string[]): Promise<Run> => {
    const args = [`${major}`, servers[http].baseURL, `${http}`, ...flags]
    const { stdout, stderr, exitCode } = await runApp('all-faults.ts', args)
    // openai 4 prints what it cannot read by itself.
    expect({ exitCode, stderr: major === 4 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
    return JSON.parse(stdout) as Run
  }
  for (const way of WAYS) {
    const [watched, bare] = await Promise.all([run(way, 'watched'), run(way)])
    runs.set(way, { watched, bare })
  }
}, 240_000)
afterAll(() => close())

const cases = WAYS.flatMap((way) =>
  [...HEALTHY, ...FAULTS, ...HTTP2_FAULTS]
    .filter(({ http = way.http }) => http === way.http)
    .map((injector) => [`${way.name}: ${injector.name}`, way, injector] as const),
)

function find(way: Way, injector: Injector, run: keyof Runs): FaultResult {
  const found = runs.get(way)?.[run].results.find(({ name }) => name === injector.name)
  if (found === undefined) throw new Error(`${injector.name} was not played`)
  return found
}

/** Where openai 4 differs from the next ones it is by its own fetch, which doesn't speak HTTP/2. */
function expectedOf({ major, http }: Way, injector: Injector): Expected {
  return expectedFor(injector, http === 2 && major === 4 ? 5 : major)
}

describe('the instrumented SDK tells what the server did', () => {
  it.each<readonly [string, Way, Injector]>(cases)('%s', (_, way, injector) => {
    const expected = expectedOf(way, injector)
    const { span, logRecords } = find(way, injector, 'watched')
    const attributes = span?.attributes ?? {}
    expect({
      outcome: attributes[ATTR.OUTCOME],
      errorType: attributes[GEN_AI.ERROR_TYPE],
      detail: attributes[ATTR.FAULT_DETAIL],
      cause:
        attributes[ATTR.CAUSE] === undefined ? undefined : [attributes[ATTR.CAUSE], attributes[ATTR.CAUSE_CONFIDENCE]],
      anomalies: ((attributes[ATTR.ANOMALIES] ?? []) as string[]).toSorted(),
    }).toEqual({
      outcome: expected.outcome,
      errorType: expected.errorType,
      detail: expected.detail,
      cause: expected.cause,
      anomalies: [...(expected.anomalies ?? [])].toSorted(),
    })
    const isBroken = expected.outcome === 'broken'
    expect({ status: span?.status, logRecords }).toEqual({ status: isBroken ? 2 : 0, logRecords: isBroken ? 1 : 0 })
    expect(span?.events.filter((name) => name === 'streamgauge.stream.fault')).toHaveLength(isBroken ? 1 : 0)
  })
})

describe('the application sees what it sees without the instrumentation', () => {
  it.each<readonly [string, Way, Injector]>(cases)('%s', (_, way, injector) => {
    expect(find(way, injector, 'watched').seen).toEqual(find(way, injector, 'bare').seen)
  })

  it.each(WAYS)('$name: the same unhandled rejections, and none', (way) => {
    expect(runs.get(way)?.watched.rejections).toEqual([])
    expect(runs.get(way)?.bare.rejections).toEqual([])
  })
})
