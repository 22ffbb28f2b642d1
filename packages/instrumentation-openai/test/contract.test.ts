import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { expectedFor, FAULTS, HEALTHY, startFaultServer, type Injector, type SdkMajor } from '@streamgauge/fault-server'
import type { FaultResult } from './apps/all-faults.ts'
import { runApp } from './run-app.ts'

// Every fault that a server can cause ends in exactly its code, and every healthy stream in none, with the real SDKs; and
// the application sees of each what it sees without us.
const MAJORS: readonly SdkMajor[] = [4, 5, 6, 7]

interface Runs {
  readonly watched: Run
  readonly bare: Run
}
interface Run {
  readonly results: readonly FaultResult[]
  readonly rejections: readonly string[]
}

const runs = new Map<SdkMajor, Runs>()
let close: () => Promise<void>

beforeAll(async () => {
  const server = await startFaultServer()
  close = () => server.close()
  const run = async (major: SdkMajor, ...flags: string[]): Promise<Run> => {
    const { stdout, stderr, exitCode } = await runApp('all-faults.ts', [`${major}`, server.baseURL, ...flags])
    // openai 4 prints what it cannot read by itself.
    expect({ exitCode, stderr: major === 4 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
    return JSON.parse(stdout) as Run
  }
  for (const major of MAJORS) {
    const [watched, bare] = await Promise.all([run(major, 'watched'), run(major)])
    runs.set(major, { watched, bare })
  }
}, 120_000)
afterAll(() => close())

const cases = MAJORS.flatMap((major) =>
  [...HEALTHY, ...FAULTS].map((injector) => [`openai ${major}: ${injector.name}`, major, injector] as const),
)

function find(major: SdkMajor, injector: Injector, run: keyof Runs): FaultResult {
  const found = runs.get(major)?.[run].results.find(({ name }) => name === injector.name)
  if (found === undefined) throw new Error(`${injector.name} was not played`)
  return found
}

describe('the instrumented SDK tells what the server did', () => {
  it.each<readonly [string, SdkMajor, Injector]>(cases)('%s', (_, major, injector) => {
    const expected = expectedFor(injector, major)
    const { span, logRecords } = find(major, injector, 'watched')
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
  it.each<readonly [string, SdkMajor, Injector]>(cases)('%s', (_, major, injector) => {
    expect(find(major, injector, 'watched').seen).toEqual(find(major, injector, 'bare').seen)
  })

  it.each(MAJORS)('openai %i: the same unhandled rejections, and none', (major) => {
    expect(runs.get(major)?.watched.rejections).toEqual([])
    expect(runs.get(major)?.bare.rejections).toEqual([])
  })
})
