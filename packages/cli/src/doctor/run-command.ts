import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CliError } from '../cli-error.ts'
import { INSTRUMENTATION } from './known-packages.ts'
import { endLeftovers, livingIn, readNotes, signalAll } from './noted-processes.ts'
import { doorOf } from './preloads.ts'
import { readJson } from './project.ts'
import { copiesOf, type Situation } from './situation.ts'

/** How a run of the application ended, beside its telemetry. */
export interface RunRecord {
  readonly exitCode: number | null
  readonly endSignal: string | null
  /** It was told to end, since the time was over. */
  readonly wasStopped: boolean
  /** Versions of Node.js that ran, each once. */
  readonly nodeVersions: readonly string[]
  /** What our instrumentation warned of, each once. */
  readonly warnings: readonly string[]
  /** The door that the run was given, since none was in its command: a URL, and whether it is the project's own copy. */
  readonly addedDoor: { readonly url: string; readonly isProjects: boolean } | null
}

/** How the application is run. */
export interface RunSettings {
  readonly command: readonly string[]
  /** Where its telemetry goes in this run. */
  readonly otlpUrl: string
  readonly timeoutMs: number
  /** Its output goes to our stderr, since stdout is for JSON. */
  readonly isJson: boolean
}

/** Time between the request to end and the end by force, in milliseconds: as long as telemetry may take to go out, and more. */
const GRACE_MS = 5000

/**
 * Runs the application as it is started anyway, with the terminal for itself, but for where its telemetry goes. Where no door is
 * in its command, it gets one.
 *
 * @throws CliError where it does not start
 */
export async function runCommand(situation: Situation, settings: RunSettings): Promise<RunRecord> {
  const folder = await mkdtemp(join(tmpdir(), 'streamgauge-doctor-'))
  const file = join(folder, 'notes.jsonl')
  const addedDoor = findMissingDoor(situation)
  try {
    const end = await run(settings, environmentFor(situation, settings, addedDoor, file), file)
    return { ...end, ...summarizeNotes(file), addedDoor }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function findMissingDoor(situation: Situation): RunRecord['addedDoor'] {
  const preloads = [...situation.nodeOptions, ...situation.starts.flatMap((start) => start.preloads)]
  if (preloads.some((preload) => doorOf(preload) !== undefined)) return null
  const [copy] = copiesOf(situation, INSTRUMENTATION)
  if (copy === undefined) return { url: import.meta.resolve(`${INSTRUMENTATION}/register`), isProjects: false }
  const { exports } = readJson(join(copy.path, 'package.json')) ?? {}
  const door = (exports as Record<string, { readonly default?: unknown }> | undefined)?.['./register']?.default
  return {
    url: pathToFileURL(join(copy.path, typeof door === 'string' ? door : 'dist/register.js')).href,
    isProjects: true,
  }
}

/** Settings of the exporters, which are those of the doctor in this run. What else is set stays. */
const EXPORTERS =
  /^OTEL_(EXPORTER_OTLP_.*|(TRACES|METRICS|LOGS)_EXPORTER|METRIC_EXPORT_.*|BSP_SCHEDULE_DELAY|BLRP_SCHEDULE_DELAY|CONFIG_FILE)$/

function environmentFor(
  { env }: Situation,
  { otlpUrl }: RunSettings,
  addedDoor: RunRecord['addedDoor'],
  file: string,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !EXPORTERS.test(name))
  const checkHook = pathToFileURL(fileURLToPath(new URL('check-hook.js', import.meta.url))).href
  const options = [
    env['NODE_OPTIONS'],
    `--import=${checkHook}`,
    addedDoor === null ? undefined : `--import=${addedDoor.url}`,
  ]
  return {
    ...Object.fromEntries(kept),
    NODE_OPTIONS: options.filter((option) => option !== undefined && option !== '').join(' '),
    STREAMGAUGE_DOCTOR_FILE: file,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  }
}

type Environment = Readonly<Record<string, string | undefined>>
type End = Pick<RunRecord, 'exitCode' | 'endSignal' | 'wasStopped'>

/**
 * Runs it to its end. SIGTERM to the doctor is passed on; so is SIGINT, unless the doctor has a terminal: there it is Ctrl-C, which
 * reaches the application by itself, and a second one would make it leave in a hurry. The doctor waits for it to end, and reports.
 *
 * A shell may end and leave what it has started, or wait for that and pass nothing on: what has noted its start is told as well.
 */
function run({ command, timeoutMs, isJson }: RunSettings, env: Environment, file: string): Promise<End> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, stdio: ['inherit', isJson ? process.stderr : 'inherit', 'inherit'] })
  let wasStopped = false
  let isTold = false
  let force: NodeJS.Timeout | undefined
  const end = (): void => {
    isTold = true
    child.kill('SIGTERM')
  }
  const timer = setTimeout(() => {
    wasStopped = true
    end()
    force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  }, timeoutMs)
  const onInterrupt = (): void => {
    isTold = true
    if (process.stdin.isTTY) return
    // As Ctrl-C of a terminal does: to all of them.
    child.kill('SIGINT')
    signalAll(
      livingIn(file).filter((pid) => pid !== child.pid),
      'SIGINT',
    )
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', end)
  return new Promise<End>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CliError('environment', `${program} does not start: ${describeStart(error)}.`, { cause: error })),
    )
    child.once('close', (exitCode, endSignal) => {
      const ended = { exitCode, endSignal, wasStopped }
      if (isTold) void endLeftovers(file, GRACE_MS).then(() => resolve(ended), reject)
      else resolve(ended)
    })
  }).finally(() => {
    clearTimeout(timer)
    clearTimeout(force)
    process.off('SIGINT', onInterrupt).off('SIGTERM', end)
  })
}

function describeStart({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such program; look for a typing error'
  return code === 'EACCES' ? 'it may not be executed' : message
}

function summarizeNotes(file: string): Pick<RunRecord, 'nodeVersions' | 'warnings'> {
  const notes = readNotes(file)
  const all = (kind: string, field: string): string[] => [
    ...new Set(notes.filter((note) => note['kind'] === kind).map((note) => String(note[field]))),
  ]
  return { nodeVersions: all('start', 'node'), warnings: all('warning', 'message') }
}
