import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The built command. */
export const BIN: string = join(import.meta.dirname, '../dist/bin.js')

/** Longest that a run may take, in milliseconds; it is killed then. */
export const LIMIT_MS = 60_000

/** The program of util-linux that runs another one in a terminal. */
export const TERMINAL_MAKER = 'script'

/** What a process left behind. */
export interface CliRun {
  readonly stdout: string
  readonly stderr: string
  /** `null` where a signal ended it. */
  readonly exitCode: number | null
}

/** A process that runs. */
export interface StartedCli {
  /** Also the id of its process group, in which nothing else is. */
  readonly pid: number
  readonly ended: Promise<CliRun>
  /** Waits until what it has printed matches. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** Types on its keyboard. */
  type(keys: string): void
  /** Lets go of its input. */
  closeInput(): void
}

/** How it is started. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  /** The folder to run it in. @defaultValue this one */
  readonly cwd?: string
  /** The Node.js to run it with. @defaultValue this one */
  readonly node?: string
}

/** Where its receiver listens: the first group. */
export const URL_OF_RECEIVER: RegExp = /(http:\/\/127\.0\.0\.1:\d+)\s/

/** Runs `streamgauge` to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return startCli(args, options).ended
}

/** Starts `streamgauge` in a process of its own. */
export function startCli(args: readonly string[], options: CliOptions = {}): StartedCli {
  return startProcess(options.node ?? process.execPath, [BIN, ...args], options)
}

/** Starts `streamgauge` in a terminal, as wide as is said. Its stderr comes on stdout then. */
export function startInTerminal(args: readonly string[], columns: number, env: CliOptions['env'] = {}): StartedCli {
  const command = `stty cols ${columns} -echo; exec ${[process.execPath, BIN, ...args].join(' ')}`
  return startProcess(TERMINAL_MAKER, ['--quiet', '--return', '--command', command, '/dev/null'], { env })
}

/** Whether this machine has the program that makes terminals. */
export function hasTerminal(): boolean {
  return (spawnSync(TERMINAL_MAKER, ['--version'], { encoding: 'utf8' }).stdout ?? '').includes('util-linux')
}

/**
 * A Node.js of another version on this machine, where there is one.
 *
 * @param variable environment variable that may name one
 */
export function findNode(variable: string, isWanted: (version: string) => boolean): string | undefined {
  const candidates = [process.env[variable], '/usr/local/bin/node', '/usr/bin/node']
  return candidates.find((path) => {
    if (path === undefined) return false
    const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8' })
    return status === 0 && isWanted(stdout)
  })
}

/** Settings of whoever runs the tests, which would colour the output or turn warnings off. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|NODE_OPTIONS$|NODE_NO_WARNINGS$|NO_COLOR$|FORCE_COLOR$|CI$)/

/** Starts a program, without the settings of whoever runs the tests. */
export function startProcess(
  program: string,
  args: readonly string[],
  { env = {}, cwd }: Pick<CliOptions, 'env' | 'cwd'> = {},
): StartedCli {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(own), TERM: 'xterm-256color', ...env },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    detached: true,
  })
  const printed = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<CliRun>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ ...printed, exitCode }))
  })
  return {
    pid: child.pid ?? 0,
    ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(printed.stdout + printed.stderr)
          if (found !== null) resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then((run) => reject(new Error(`It ended without ${pattern}: ${JSON.stringify(run)}`)), reject)
      }),
    type: (keys) => void child.stdin.write(keys),
    closeInput: () => void child.stdin.end(),
  }
}
