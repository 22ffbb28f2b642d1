import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer, type SdkMajor } from '@streamgauge/fault-server'
import { runPool } from './apps/pool.ts'
import { layOutBundles, layOutOpenAI, layOutWithoutSdk } from './lay-out.ts'
import { isThere, NODES } from './nodes.ts'
import { startOtlpReceiver } from './otlp-receiver.ts'
import { formatTable, readSection } from './document-section.ts'
import { runApp, type AppOptions } from './run-app.ts'

const REGISTER = '@streamgauge/instrumentation-openai/register'
const HOOK = '@streamgauge/instrumentation-openai/hook'
const LIMIT_MS = 60_000
/** All doors of one Node.js. */
const ALL_LIMIT_MS = 600_000
/** Applications at once. */
const CONCURRENCY = 3
const MAJORS: readonly SdkMajor[] = [4, 5, 6, 7]
/** openai 4 keeps its classes in other files than all that came after it; and hooks differ by Node.js, not by more than that. */
const MAJORS_ELSEWHERE: readonly SdkMajor[] = [4, 7]

/** A way in: flags of Node.js, the application, and what of openai it loads first. */
type Door = readonly [name: string, flags: readonly string[], app: string, entry?: string]

const OTEL_HOOK = ['--import', './doors/otel-hook.mjs']
const IMPORT = ['--import', REGISTER]

/** An application that loads a part of openai by itself before, or in place of, the whole. */
const deep = (entry: string): readonly Door[] => [
  [`\`openai${entry}\`, ES module`, IMPORT, 'app.mjs', entry],
  [`\`openai${entry}\`, CommonJS`, IMPORT, 'app.cjs', entry],
]

const DOORS: readonly Door[] = [
  ['`--import …/register`, ES module', IMPORT, 'app.mjs'],
  ['`--import …/register`, CommonJS', IMPORT, 'app.cjs'],
  ['`--require …/register`, ES module', ['--require', REGISTER], 'app.mjs'],
  ['`--require …/register`, CommonJS', ['--require', REGISTER], 'app.cjs'],
  ['`--import …/hook` and `NodeSDK` in code', ['--import', HOOK], 'sdk-in-code.mjs'],
  ['`--require …/hook` and `NodeSDK` in code', ['--require', HOOK], 'sdk-in-code.mjs'],
  ['`require()` of the package', ['--require', './doors/setup.cjs'], 'app.cjs'],
  ['`instrumentOpenAI`, without a loader', [], 'by-hand.mjs'],
  ['`instrumentOpenAI` on top of register', IMPORT, 'by-hand.mjs'],
  ['`instrumentOpenAI` in a bundle, ES module', [], 'bundle.mjs'],
  ['`instrumentOpenAI` in a bundle, CommonJS', [], 'bundle.cjs'],
  ['the hook of OpenTelemetry before ours', [...OTEL_HOOK, ...IMPORT], 'app.mjs'],
  ['the hook of OpenTelemetry after ours', [...IMPORT, ...OTEL_HOOK], 'app.mjs'],
  ...deep('/client'),
  ...deep('/azure'),
  ...deep('/streaming'),
  ...deep('/resources/chat/completions'),
  ...deep('/shims/node'),
  ...deep('/shims/web'),
]

/** openai 4 lacks these files, and its ES modules die of a hook without a filter, with us or without. */
const NOT_FOR_4 = /client|azure|hook of OpenTelemetry/
/** Only openai 4 has a `fetch` of its own, and ways to choose it. */
const ONLY_FOR_4 = /shims/

const isFor = (major: SdkMajor, [name]: Door): boolean => !(major === 4 ? NOT_FOR_4 : ONLY_FOR_4).test(name)

/** Ways in that are none: for ES modules, of which no hook tells. */
const BLIND: readonly Door[] = [
  ['an ES module without the hook', [], 'sdk-in-code.mjs'],
  ['an ES module beside an instrumentation set up in CommonJS', ['--require', './doors/setup.cjs'], 'app.mjs'],
]

/**
 * What Node.js and import-in-the-middle say of an application that installs OpenTelemetry's hook as its documentation asks:
 * that it is deprecated, or that it was installed twice. Both hooks then do their work.
 */
const SECOND_HOOK =
  /^\(node:\d+\) (\[DEP0205\] .*|Warning: The 'import-in-the-middle' hook has already been initialized)\n\(Use .*\n/
/** And what it says of the HTTP client of openai 4, unless that is found below node_modules. */
const NODE_FETCH = /^\(node:\d+\) \[DEP0(040|169)\] .*\n(\(Use .*\n)?/gm

let server: FaultServer
const bundles = new Map<SdkMajor, string>()
beforeAll(async () => {
  server = await startFaultServer()
  for (const major of MAJORS) bundles.set(major, await layOutBundles('bundled.mjs', major))
}, LIMIT_MS)
afterAll(async () => {
  await server.close()
  for (const folder of bundles.values()) await rm(folder, { recursive: true })
})

/** An application that ran, with what was received of it. */
type Opened = Awaited<ReturnType<typeof open>>

/** Runs an application with its telemetry received. */
async function open(app: string, args: readonly string[], options: AppOptions = {}) {
  const receiver = await startOtlpReceiver()
  const run = await runApp(app, [args[0] ?? '', server.baseURL, ...args.slice(1)], {
    ...options,
    env: { ...receiver.env, STREAMGAUGE_CHUNK_SPANS: 'all', ...options.env },
  })
  await receiver.close()
  return { ...run, requests: receiver.requestSpans(), spans: receiver.spans, bodies: receiver.bodies }
}

/** Where an application is: a bundle stands in a folder of its own. */
const find = (app: string, major: SdkMajor): string =>
  app.startsWith('bundle.') ? join(bundles.get(major) ?? '', app) : `doors/${app}`

/** What came through each door, by major. */
const opened = new Map<string, string>()

for (const { name: nodeName, path: node } of NODES.filter(isThere)) {
  const majors = node === process.execPath ? MAJORS : MAJORS_ELSEWHERE
  describe(`Node.js ${nodeName}: a door lets in exactly one span for a request, and its chunks`, () => {
    const cases = majors.flatMap((major) =>
      DOORS.filter((door) => isFor(major, door)).map((door) => [`openai ${major}: ${door[0]}`, major, door] as const),
    )
    const runs = new Map<string, Opened>()
    beforeAll(
      () =>
        runPool(cases, CONCURRENCY, async ([title, major, [, nodeOptions, app, entry]]) => {
          const args = [`${major}`, 'read', ...(entry === undefined ? [] : [entry])]
          runs.set(title, await open(find(app, major), args, { nodeOptions, node }))
        }),
      ALL_LIMIT_MS,
    )

    it.each(cases)('%s', (title, major, [door]) => {
      const { exitCode, stderr = '', requests = [], spans = [] } = runs.get(title) ?? {}
      const said = stderr.replace(SECOND_HOOK, '').replaceAll(NODE_FETCH, '')
      expect({ exitCode, stderr: said }).toEqual({ exitCode: 0, stderr: '' })
      expect(requests.map(({ name }) => name)).toEqual(['chat healthy:plain'])
      const chunks = spans.filter(({ name }) => name === 'streamgauge.chunk')
      expect(chunks.length).toBeGreaterThan(0)
      expect(new Set(chunks.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([requests[0]?.spanId]))
      opened.set(`${door} ${major}`, 'open')
    })

    it.each(majors)(
      'openai %i: register sends the span, the log event and the metrics of a fault',
      async (major) => {
        const { requests, bodies, exitCode } = await open('doors/app.mjs', [`${major}`, 'caught'], {
          nodeOptions: ['--import', REGISTER],
          node,
        })
        expect(exitCode).toBe(0)
        expect(requests.map(({ name }) => name)).toEqual(['chat fault:cut_json'])
        for (const signal of ['resourceSpans', 'resourceLogs', 'resourceMetrics']) {
          const told = bodies.filter((body) => body.startsWith(`{"${signal}"`)).join('')
          expect(told).toContain('malformed_event')
        }
        expect(bodies.join('')).toContain('"streamgauge.stream.parse_errors"')
        expect(bodies.join('')).toMatch(
          new RegExp(`"key":"streamgauge\\.sdk\\.version","value":{"stringValue":"${major}\\.`),
        )
      },
      LIMIT_MS,
    )

    it.each([
      ['4.12.4', 'core.mjs', 'core.js'],
      ['8.0.0-beta.1', 'client.mjs', 'client.js'],
    ])(
      'openai %s is warned of, and runs as without us',
      async (version, module, script) => {
        const warnings = await runOtherOpenAI(version, module, script, node)
        const expected = `StreamgaugeWarning: openai ${version} is not watched; supported is openai >=4.13 <8.`
        expect(warnings).toEqual([expect.stringContaining(expected), expect.stringContaining(expected)])
      },
      LIMIT_MS,
    )

    it.each([
      ['4.104.0', 'core.mjs', 'core.js'],
      ['7.99.0', 'client.mjs', 'client.js'],
    ])(
      'an openai %s in which there is nothing to patch is warned of, and runs as without us',
      async (version, module, script) => {
        const warnings = await runOtherOpenAI(version, module, script, node)
        const expected = `StreamgaugeWarning: openai ${version} is not watched, since openai/${script.slice(0, -3)} is not what`
        expect(warnings).toEqual([expect.stringContaining(expected), expect.stringContaining(expected)])
      },
      LIMIT_MS,
    )

    it.each(majors.flatMap((major) => BLIND.map(([name, ...how]) => [major, name, ...how] as const)))(
      'openai %i, %s: nothing is seen, which is said once, with the remedy',
      async (major, _, nodeOptions, app) => {
        const run = await open(`doors/${app}`, [`${major}`, 'twice'], { nodeOptions, node })
        expect({ requests: run.requests, exitCode: run.exitCode }).toEqual({ requests: [], exitCode: 0 })
        expect(run.stderr.match(/StreamgaugeWarning: .*/g)).toEqual([
          expect.stringMatching(
            /none of its classes .*--import @streamgauge\/instrumentation-openai\/hook.*instrumentOpenAI/,
          ),
        ])
      },
      LIMIT_MS,
    )
  })
}

it.each([
  ['without us', OTEL_HOOK],
  ['with us', [...OTEL_HOOK, ...IMPORT]],
])(
  'openai 4 as an ES module dies of a hook without a filter, %s',
  async (_, nodeOptions) => {
    const { exitCode, stderr } = await open('doors/app.mjs', ['4', 'read'], { nodeOptions })
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("import 'openai/shims/node'") })
  },
  LIMIT_MS,
)

describe('without @opentelemetry/sdk-node', () => {
  let folder: string
  beforeAll(async () => {
    folder = await layOutWithoutSdk()
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(['--import', '--require'])(
    '%s register says so in one sentence, and the application runs on',
    async (flag) => {
      const door = join(folder, 'node_modules/@streamgauge/instrumentation-openai/dist', DOOR_FILES[flag] ?? '')
      const run = await runApp('doors/app.mjs', ['7', server.baseURL, 'read'], { nodeOptions: [flag, door] })
      expect({ exitCode: run.exitCode, stdout: run.stdout.trim() }).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(/^\d+$/),
      })
      expect(run.stderr).toMatch(
        /^streamgauge: nothing is watched, .*Cannot find module '@opentelemetry\/sdk-node'.*npm install @opentelemetry\/sdk-node @opentelemetry\/api\.\n$/,
      )
    },
    LIMIT_MS,
  )
})

const DOOR_FILES: Readonly<Record<string, string>> = { '--import': 'register.js', '--require': 'register-require.cjs' }

/** Runs ES module and CommonJS application of a laid out openai; what was warned of in each. */
async function runOtherOpenAI(version: string, module: string, script: string, node: string): Promise<string[]> {
  const folder = await layOutOpenAI(version, module, script)
  const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const warnings: string[] = []
  for (const app of ['app.mjs', 'app.cjs']) {
    const door = join(import.meta.dirname, '../dist/register.js')
    const run = await runApp(join(folder, app), [], { nodeOptions: ['--import', door], env, node })
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 0, stdout: 'ran\n' })
    warnings.push(run.stderr)
  }
  await rm(folder, { recursive: true })
  return warnings
}

it('docs/doors.md has the table of the doors', () => {
  const table = formatTable(
    ['door', ...MAJORS.map((major) => `openai ${major}`)],
    DOORS.map(([door]) => [door, ...MAJORS.map((major) => opened.get(`${door} ${major}`) ?? '–')]),
  )
  expect(readSection('doors', table)).toBe(table)
})
