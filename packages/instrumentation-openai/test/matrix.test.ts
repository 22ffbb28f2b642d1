import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer, type SdkMajor, type StreamingApi } from '@streamgauge/fault-server'
import { CALLS, titleOf, type Call } from './apps/matrix/calls.ts'
import {
  expectedOf,
  fewMishapsOf,
  http2MishapsOf,
  mishapsOf,
  requestsOf,
  withinMishapsOf,
  type Mishap,
} from './apps/matrix/faults.ts'
import type { CellResult, MatrixRun, PlanName, SpanResult } from './apps/play-matrix.ts'
import { runPool } from './apps/pool.ts'
import { isThere, NODES } from './nodes.ts'
import { formatTable, readSection } from './document-section.ts'
import { runApp } from './run-app.ts'

// Every way to use the SDK, in the newest and the oldest supported version of each major, as an ES module and as CommonJS,
// with the oldest, the usual and the newest Node.js: each gives exactly its spans, and the application sees what it sees
// without us. With the newest versions, every fault that a server can cause is told by its name.
const MAJORS: readonly SdkMajor[] = [4, 5, 6, 7]
/** A safety net: on an idle machine with two cores all of it takes a minute or two. */
const LIMIT_MS = 600_000

/** How the conventions call what an interface does. */
const TOLD_AS: Readonly<Record<StreamingApi, readonly [operation: string, apiType?: string]>> = {
  chat: ['chat', 'chat_completions'],
  completions: ['text_completion'],
  responses: ['chat', 'responses'],
  assistants: ['invoke_agent'],
  images: ['generate_content'],
  transcriptions: ['generate_content'],
  speech: ['generate_content'],
}

const WIRES = { faults: 1, versions: 1, http2: 2, within: 'within' } as const

/** One process with and without us. */
interface Runs {
  readonly watched: MatrixRun
  readonly bare: MatrixRun
}

interface Plan {
  readonly title: string
  readonly plan: PlanName
  readonly major: SdkMajor
  readonly node: string
  readonly list: (call: Call, sdk: string) => readonly Mishap[]
}

const nodes = NODES.filter(isThere)
const PLANS: readonly Plan[] = MAJORS.flatMap((major): Plan[] => [
  { title: `openai ${major}, every fault`, plan: 'faults', major, node: process.execPath, list: mishapsOf },
  { title: `openai ${major}, over HTTP/2`, plan: 'http2', major, node: process.execPath, list: http2MishapsOf },
  { title: `openai ${major}, without a socket`, plan: 'within', major, node: process.execPath, list: withinMishapsOf },
  ...nodes.map(({ name, path }): Plan => {
    const title = `openai ${major}, oldest and newest, ES module and CommonJS, Node.js ${name}`
    return { title, plan: 'versions', major, node: path, list: fewMishapsOf }
  }),
])

/** Processes at once: they wait as much as they work. */
const CONCURRENCY = 3
const runs = new Map<string, Runs>()
let close: () => Promise<unknown>

beforeAll(async () => {
  // A reset that comes while its client is busy is seen as one only by luck.
  const settleMs = 250
  const server = await startFaultServer({ settleMs })
  const http2Server = await startFaultServer({ settleMs, http2: true })
  close = () => Promise.all([server.close(), http2Server.close()])
  await runPool(PLANS, CONCURRENCY, async (plan) => {
    // Without a socket nobody is asked: there is no such host.
    const within = { baseURL: 'http://nowhere.invalid/v1' }
    const { baseURL } = { faults: server, versions: server, http2: http2Server, within }[plan.plan]
    const watched = await run(plan, baseURL, true)
    runs.set(plan.title, { watched, bare: await run(plan, baseURL, false) })
  })
}, LIMIT_MS)
afterAll(() => close())

async function run({ plan, major, node }: Plan, baseURL: string, isWatched: boolean): Promise<MatrixRun> {
  const { stdout, stderr, exitCode } = await runApp(
    'play-matrix.ts',
    [plan, `${major}`, baseURL, ...(isWatched ? ['watched'] : [])],
    { node, limitMs: LIMIT_MS, nodeOptions: isWatched ? ['--import', '@streamgauge/instrumentation-openai/hook'] : [] },
  )
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as MatrixRun
}

function cellsOf({ title }: Plan, kind: keyof Runs): readonly CellResult[] {
  return runs.get(title)?.[kind].cells ?? []
}

const nameOf = ({ sdk, system, call, mishap }: CellResult): string => `${sdk} ${system} ${call}: ${mishap}`

/** Compares lists of cells, and shows only the ones that differ. */
function expectSame(actual: readonly unknown[], expected: readonly unknown[]): void {
  const differ = (_: unknown, index: number): boolean => !isDeepStrictEqual(actual[index], expected[index])
  expect(actual.filter(differ)).toEqual(expected.filter(differ))
  expect(actual).toHaveLength(expected.length)
}

/** What was told of a request, as far as it is expected; anomalies in the order of the alphabet. */
function tell({ name, attributes, status, faultEvents, logRecords }: SpanResult) {
  const anomalies = (attributes[ATTR.ANOMALIES] ?? []) as readonly string[]
  return {
    name,
    operation: attributes[GEN_AI.OPERATION_NAME],
    apiType: attributes[GEN_AI.OPENAI_API_TYPE],
    outcome: attributes[ATTR.OUTCOME],
    errorType: attributes[GEN_AI.ERROR_TYPE],
    detail: attributes[ATTR.FAULT_DETAIL],
    cause: [attributes[ATTR.CAUSE], attributes[ATTR.CAUSE_CONFIDENCE]],
    anomalies: anomalies.toSorted(),
    told: [status, faultEvents, logRecords],
  }
}

function expectedSpans(call: Call, mishap: Mishap, { plan, major }: Plan): ReturnType<typeof tell>[] {
  if (call.api === undefined) return []
  const [operation, apiType] = TOLD_AS[call.api]
  const expected = expectedOf(call, mishap, major, WIRES[plan])
  const { outcome, errorType, detail, cause = [undefined, undefined], anomalies = [] } = expected
  const span = {
    name: call.isNameless === true ? operation : `${operation} m`,
    operation,
    apiType,
    outcome,
    errorType,
    detail,
    cause: [...cause],
    anomalies: [...anomalies].toSorted(),
    // A fault is the status of the span, an event of it, and a log event.
    told: errorType === undefined ? [0, 0, 0] : [2, 1, 1],
  }
  return Array.from({ length: requestsOf(call, mishap) }, () => span)
}

describe.each(PLANS.map((plan) => [plan.title, plan] as const))('%s', (_, plan) => {
  const played = CALLS.filter((call) => plan.list(call, `openai${plan.major}`).length > 0)

  it.each(played.map((call) => [titleOf(call), call] as const))('%s is told as what it was', (title, call) => {
    const cells = cellsOf(plan, 'watched').filter((cell) => cell.call === title)
    const hasCall = ({ sdk }: CellResult): boolean => call.notIn?.includes(sdk) !== true
    const expectedIn = (cell: CellResult): ReturnType<typeof expectedSpans> => {
      const mishap = plan.list(call, cell.sdk).find(({ name }) => name === cell.mishap)
      return mishap === undefined || !hasCall(cell) ? [] : expectedSpans(call, mishap, plan)
    }
    expectSame(
      cells.map((cell) => [nameOf(cell), ...cell.spans.map(tell)]),
      cells.map((cell) => [nameOf(cell), ...expectedIn(cell)]),
    )
    // Nothing is told of what a version doesn't have; and what it has, is never taken for missing.
    for (const cell of cells.filter(({ mishap }) => mishap === 'plain')) {
      expect([nameOf(cell), cell.seen !== undefined]).toEqual([nameOf(cell), hasCall(cell)])
    }
    const sdks = new Set(cells.map(({ sdk, system }) => `${sdk} ${system}`))
    expect(cells).toHaveLength([...sdks].flatMap((sdk) => plan.list(call, sdk.split(' ')[0] ?? '')).length)
    expect(sdks.size).toBe(plan.plan === 'versions' ? 4 : 1)
  })

  it('the application sees what it sees without us', () => {
    const see = (kind: keyof Runs) => cellsOf(plan, kind).map((cell) => [nameOf(cell), cell.seen])
    expectSame(see('watched'), see('bare'))
    const around = (kind: keyof Runs) => [runs.get(plan.title)?.[kind].rejections, runs.get(plan.title)?.[kind].printed]
    expect(around('watched')).toEqual(around('bare'))
    expect(runs.get(plan.title)?.watched.rejections).toEqual([])
  })
})

// openai 4 has a fetch of its own for sockets.
it.each([5, 6, 7])('an application of openai %i sees without a socket what it sees through one', (major) => {
  const see = (plan: PlanName, known: ReadonlySet<string>) =>
    PLANS.filter((one) => one.plan === plan && one.major === major)
      .flatMap((one) => cellsOf(one, 'bare'))
      .filter((cell) => known.has(nameOf(cell)))
      .map((cell) => [nameOf(cell), cell.seen])
  const within = PLANS.filter((one) => one.plan === 'within' && one.major === major).flatMap((one) =>
    cellsOf(one, 'bare'),
  )
  const names = new Set(within.map(nameOf))
  expect(names.size).toBeGreaterThan(200)
  expectSame(see('within', names), see('faults', names))
})

/** What was seen of a call in one major, in words. */
function summarize(call: string, major: SdkMajor): string {
  const all = PLANS.filter((plan) => plan.major === major).flatMap((plan) => cellsOf(plan, 'watched'))
  const cells = all.filter((cell) => cell.call === call && cell.mishap === 'plain')
  const words = new Set(cells.map(describeCell))
  const isNew = words.delete('–') && words.size > 0
  return [...words, ...(isNew ? ['not in the oldest'] : [])].join('; ') || '–'
}

function describeCell({ seen, spans }: CellResult): string {
  if (seen === undefined) return '–'
  if (spans.length === 0) return 'no span'
  const isHandedOff = spans.every(({ attributes }) => attributes[ATTR.OUTCOME] === 'handed_off')
  const hasEvents = spans.every(({ attributes }) => Number(attributes[ATTR.EVENTS] ?? 0) > 0)
  return isHandedOff ? 'span, handed off' : hasEvents ? 'span and chunks' : 'span'
}

/** What was run: the versions as the packages say them, and each Node.js. */
function listVersions(): string {
  const versions = MAJORS.flatMap((major) => {
    const sdks = PLANS.filter((plan) => plan.major === major).flatMap((plan) => cellsOf(plan, 'watched'))
    return [...new Set(sdks.map(({ sdk }) => readVersion(sdk)))].toReversed()
  })
  return `Run with openai ${versions.join(', ')}; Node.js ${NODES.map(({ name }) => name).join(', ')}.`
}

function readVersion(sdk: string): string {
  const path = join(import.meta.dirname, '../node_modules', sdk, 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version
}

it('docs/calls.md has the table of what was seen', () => {
  const table = formatTable(
    ['call', ...MAJORS.map((major) => `openai ${major}`)],
    CALLS.map((call) => [
      `${/ /.test(call.name) ? call.name : `\`${call.name}\``}${call.answer === 'whole' ? ', not streamed' : ''}`,
      ...MAJORS.map((major) => summarize(titleOf(call), major)),
    ]),
  )
  const wanted = `${table}\n\n${listVersions()}`
  expect(readSection('calls', wanted)).toBe(wanted)
})
