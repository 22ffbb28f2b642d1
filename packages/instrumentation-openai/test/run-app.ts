import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a process left behind. */
export interface AppRun {
  readonly stdout: string
  readonly stderr: string
  /** `null` where a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** How an application is started, and what is done to it. */
export interface AppOptions {
  /** Flags of Node.js, such as `--import`. */
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The folder that it is started in. @defaultValue that of the applications */
  readonly cwd?: string
  /** The Node.js to run it with. @defaultValue this one */
  readonly node?: string
  /** Sent when the application prints the line `ready`. */
  readonly signal?: NodeJS.Signals
  /** Longest that it may take, in milliseconds; it is killed then. @defaultValue 60000 */
  readonly limitMs?: number
}

/** Telemetry settings of whoever runs the tests, which would change what they see. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|NODE_OPTIONS$)/

/**
 * Runs an application of `test/apps` in a process of its own: the SDK checks for the very `Error` of its realm, and a test
 * runner that makes realms would change what it does.
 */
export async function runApp(app: string, args: readonly string[] = [], options: AppOptions = {}): Promise<AppRun> {
  const { nodeOptions = [], env = {}, node = process.execPath, signal, limitMs = 60_000 } = options
  const { cwd = join(import.meta.dirname, 'apps') } = options
  // Node.js before 22.18 strips types only when it is asked to.
  const typed = app.endsWith('.ts') ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'] : []
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const child = spawn(node, [...typed, ...nodeOptions, app, ...args], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  if (signal !== undefined) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') child.kill(signal)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, endSignal) => resolve({ stdout, stderr, exitCode, signal: endSignal }))
  })
}
