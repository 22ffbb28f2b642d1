// How much later does an application start because it loads this package?
//
// Each door is loaded in a process of its own, on top of what an application loads anyway to have OpenTelemetry, and so is
// that alone; the two alternate, and change places in each round. Milliseconds inside the process, from before the first
// import to after the last, and of the process as a whole. Files are in the cache of the operating system, as they are from
// the second start on.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'

const ROUNDS = 25
const PACKAGE = '@streamgauge/instrumentation-openai'

const INSTRUMENTATION = "await import('@opentelemetry/instrumentation')"
const START = 'new NodeSDK().start()'
const IMPORTED_SDK = `const { NodeSDK } = await import('@opentelemetry/sdk-node'); ${START}`
const REQUIRED_SDK = `const { NodeSDK } = createRequire(import.meta.url)('@opentelemetry/sdk-node'); ${START}`

/** That `openai` is patched where it is loaded from now on. */
const PATCHES = `await import('openai7')
if (!(Symbol.for('streamgauge.claims') in globalThis)) throw new Error('openai is not patched')`

/** A way in: what comes before it in any case, what loads it, and whether it was then really there. */
interface Door {
  readonly name: string
  readonly beyond: string
  readonly baseline: string
  readonly loaded: string
  readonly check: string
}

/** register loads the SDK itself. An application may do that in either way, of which require() is the faster one. */
const register = (beyond: string, baseline: string): Door => {
  const loaded = `await import('${PACKAGE}/register')`
  return { name: '/register', beyond, baseline, loaded, check: PATCHES }
}

const DOORS: readonly Door[] = [
  {
    name: '.',
    beyond: '@opentelemetry/instrumentation',
    baseline: INSTRUMENTATION,
    loaded: `${INSTRUMENTATION}; globalThis.loaded = await import('${PACKAGE}')`,
    check: "if (typeof loaded.OpenAIStreamInstrumentation !== 'function') throw new Error('no class')",
  },
  {
    name: '/hook',
    beyond: '@opentelemetry/instrumentation',
    baseline: INSTRUMENTATION,
    loaded: `${INSTRUMENTATION}; await import('${PACKAGE}/hook')`,
    check: `const { OpenAIStreamInstrumentation } = await import('${PACKAGE}')
new OpenAIStreamInstrumentation()
${PATCHES}`,
  },
  register('NodeSDK, imported and started', IMPORTED_SDK),
  register('NodeSDK, required and started', REQUIRED_SDK),
]

/** Telemetry goes nowhere: neither side waits for a network. */
const ENV = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }

interface Sample {
  readonly insideMs: number
  readonly processMs: number
}

// Inside the package, whose name and dependencies resolve there; a file, since Node.js shows hooks other modules for --eval.
const folder = join(import.meta.dirname, '../.cache/import-bench')
mkdirSync(folder, { recursive: true })

/** Runs statements in a process of their own, timed; and, untimed, what comes after them. */
function run(statements: string, after = ''): Sample {
  const program = `import { createRequire } from 'node:module'
const startedAtMs = performance.now()
${statements}
const insideMs = performance.now() - startedAtMs
${after}
console.log(insideMs)
process.exit(0)`
  const file = join(folder, 'program.mjs')
  writeFileSync(file, program)
  const startedAtMs = performance.now()
  const child = spawnSync(process.execPath, [file], { env: { ...process.env, ...ENV }, encoding: 'utf8' })
  const processMs = performance.now() - startedAtMs
  if (child.status !== 0 || child.stderr !== '') throw new Error(`${statements}\n${child.stderr}`)
  return { insideMs: Number(child.stdout), processMs }
}

const rows: string[][] = []
for (const { name, beyond, baseline, loaded, check } of DOORS) {
  // Also puts the files into the cache.
  run(loaded, check)
  run(baseline)
  const samples = Array.from({ length: ROUNDS }, (_, round) => {
    const isFirst = round % 2 === 0
    const before = isFirst ? run(baseline) : undefined
    const withDoor = run(loaded)
    return { without: before ?? run(baseline), withDoor }
  })
  const inside = samples.map(({ without, withDoor }) => withDoor.insideMs - without.insideMs)
  const whole = samples.map(({ without, withDoor }) => withDoor.processMs - without.processMs)
  const all = samples.map(({ withDoor }) => withDoor.insideMs)
  rows.push([`\`${name}\``, beyond, ...[inside, whole, all].map((values) => formatSpread(spreadOf(values), 1))])
}
rmSync(folder, { recursive: true })
printTable(['door', 'beyond', 'more inside, ms', 'more of the process, ms', 'inside in all, ms'], rows)
console.log(`\n${ROUNDS} rounds; ${describeMachine()}.`)
