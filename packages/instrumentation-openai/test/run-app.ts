import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a process left behind. */
export interface AppRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Longest that an application of the tests may take, in milliseconds; it is killed then. */
const LIMIT_MS = 60_000

/**
 * Runs an application of `test/apps` in a process of its own: the SDK checks for the very `Error` of its realm, and a test
 * runner that makes realms would change what it does.
 *
 * @param nodeOptions flags of Node.js, such as `--import`
 */
export async function runApp(
  app: string,
  args: readonly string[] = [],
  { nodeOptions = [], env = {} }: { readonly nodeOptions?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<AppRun> {
  // Node.js before 22.18 strips types only when it is asked to.
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', ...nodeOptions]
  const options = {
    cwd: join(import.meta.dirname, 'apps'),
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  }
  try {
    const { stdout, stderr } = await run(process.execPath, [...flags, app, ...args], options)
    return { stdout, stderr, exitCode: 0 }
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown }
    if (typeof code !== 'number') throw error
    return { stdout, stderr, exitCode: code }
  }
}
