import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { executablePath } from '../programs/programs.ts'

/** What a program has left to end in order, before it is ended. */
const GRACE_MS = 10_000
const READY_WITHIN_MS = 30_000

export interface Running {
  /** Ends it, and waits for that. */
  stop(): Promise<void>
  /** What it wrote so far. */
  log(): string
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
  const running = { stop: () => stop(child), log: () => readFileSync(logPath, 'utf8') }
  const endsMs = Date.now() + READY_WITHIN_MS
  while (!(await answers(readyUrl))) {
    if (child.exitCode !== null || Date.now() > endsMs) {
      await running.stop()
      throw new Error(`${name} is not ready at ${readyUrl}:\n${running.log()}`)
    }
    await wait(100)
  }
  return running
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await ended
  clearTimeout(timer)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
