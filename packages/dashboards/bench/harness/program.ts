import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that runs beside the bench. */
export interface Program {
  /** Processor time so far, in microseconds. */
  cpuUs(): number
  stop(): Promise<void>
}

const LIMIT_MS = 120_000
const POLL_MS = 500
/** Of Linux, in which /proc counts. */
const TICK_US = 10_000

/** The path in an environment variable, which is needed here. */
export function programOf(variable: string): string {
  const path = process.env[variable]
  if (path === undefined) throw new Error(`${variable} must say where that program is`)
  return path
}

/** Starts a program, and waits until it answers at a URL. */
export async function startProgram(
  path: string,
  args: readonly string[],
  readyUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  const kill = (): boolean => child.kill()
  // Also where the bench fails.
  process.once('exit', kill)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4000)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await until(`${path} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${path} ended with ${child.exitCode}:\n${stderr}`)
    const response = await fetch(readyUrl).catch(() => undefined)
    return response?.ok === true
  })
  return {
    cpuUs: () => {
      // Fields 14 and 15 of proc(5) /proc/pid/stat; the second one, in brackets, may have blanks.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * TICK_US
    },
    stop: async () => {
      process.off('exit', kill)
      kill()
      await ended
    },
  }
}

export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const start = Date.now(); Date.now() - start < LIMIT_MS; await sleep(POLL_MS)) {
    if (await isSo()) return
  }
  throw new Error(`${LIMIT_MS / 1000} s went by until ${what}`)
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
