import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Middlebox, Place } from './middlebox.ts'

/** Longest that a middlebox lives, in seconds, should nobody be left to end it. */
const LIFE_S = 120
/** Longest that a middlebox may take until it listens, in milliseconds. */
const START_MS = 20_000
/** Ports below those that Linux gives to outgoing connections: nobody takes one between its choice and its use. */
const FIRST_PORT = 12_000
const LAST_PORT = 32_000

/** A middlebox that runs. */
export interface Running {
  readonly place: Place
  readonly stop: () => Promise<void>
}

/** Where daemons are that the PATH of an ordinary user lacks. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']

/** The path of a program, if it is installed. */
export function findProgram(name: string): string | undefined {
  const paths = isAbsolute(name) ? [name] : FOLDERS.map((folder) => join(folder, name))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Starts a middlebox in a folder of its own, and waits until every route is listened on. */
export async function startMiddlebox(middlebox: Middlebox, upstream: number): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  const ports = new Map<string, number>()
  for (const route of middlebox.routes) ports.set(route, await freePort())
  const nobody = await freePort()
  const place: Place = { folder, upstream, nobody, port: (route) => numberOf(ports, route) }
  for (const [name, text] of Object.entries(middlebox.files(place))) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const program = findProgram(middlebox.program)
  if (program === undefined) throw new Error(`${middlebox.name} is not installed: ${middlebox.install}`)
  // `timeout` of coreutils outlives a test run that was killed, and ends what would stay behind; one that does not end
  // when it is asked to (tinyproxy in mid-connection, squid for half a minute) is made to a second later.
  const child = spawn('timeout', ['-k', '1', `${LIFE_S}`, program, ...middlebox.args(place)], {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const note = (text: string): void => void (log = `${log}${text}`.slice(-4000))
  child.stdout.setEncoding('utf8').on('data', note)
  child.stderr.setEncoding('utf8').on('data', note)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all([...ports.values()].map((port) => untilListening(port, child)))
  } catch (error) {
    await stop()
    throw new Error(`${middlebox.name} does not listen: ${log}`, { cause: error })
  }
  return { place, stop }
}

function numberOf(ports: ReadonlyMap<string, number>, route: string): number {
  const port = ports.get(route)
  if (port === undefined) throw new RangeError(`there is no route ${route}`)
  return port
}

// Processes that run at once begin at different places.
let next = FIRST_PORT + ((process.pid * 61) % (LAST_PORT - FIRST_PORT))

async function freePort(): Promise<number> {
  for (;;) {
    next = next >= LAST_PORT ? FIRST_PORT : next + 1
    if (await isFree(next)) return next
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error(`nobody listens on ${port} after ${START_MS} ms`)
    await setTimeout(25)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (isOpen: boolean): void => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
