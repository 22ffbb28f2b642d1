import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { executablePath } from '../programs/programs.ts'

/** What a program has left to end in order, before it is ended. */
const GRACE_MS = 10_000
const READY_WITHIN_MS = 30_000

/** Of Linux, in which /proc counts. */
const TICK_US = 10_000

export interface Running {
  /** Ends it, and waits for that. */
  stop(): Promise<void>
  /** Processor time so far, in microseconds; on Linux. */
  cpuUs(): number
}

export interface ProgramOptions {
  readonly args: readonly string[]
  /** Where its log goes, and what it writes to relative paths. */
  readonly folder: string
  /** Answers 200 when it is ready. */
  readonly readyUrl: string
  readonly env?: Readonly<Record<string, string>> | undefined
}

/**
 * Starts a program that was built, and waits until it is ready.
 *
 * @throws Error with its log where it is not
 */
export async function startProgram(executable: string, options: ProgramOptions): Promise<Running> {
  return startProcess(executablePath(executable), options)
}

/** The same for any executable. */
export async function startProcess(
  path: string,
  { args, folder, readyUrl, env = {} }: ProgramOptions,
): Promise<Running> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const logPath = join(folder, `${name}-${args.length}-${Date.now()}.log`)
  const output = openSync(logPath, 'a')
  const child = spawn(path, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', output, output] })
  closeSync(output)
  // Also where the tests are broken off.
  const end = (): boolean => child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const endsMs = Date.now() + READY_WITHIN_MS
  while (!(await answers(readyUrl))) {
    if (hasEnded(child) || Date.now() > endsMs) {
      await stop(child)
      throw new Error(`${name} is not ready at ${readyUrl}:\n${readFileSync(logPath, 'utf8')}`)
    }
    await wait(100)
  }
  return { stop: () => stop(child), cpuUs: () => readCpuUs(child.pid) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await ended
  clearTimeout(timer)
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function readCpuUs(pid: number | undefined): number {
  // Fields 14 and 15 of proc(5) /proc/pid/stat; the second one, in brackets, may have blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
