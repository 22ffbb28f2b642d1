import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { objectOf, parseJson } from '../json-fields.ts'

/** Pause between two looks at what still lives, in milliseconds. */
const LOOK_MS = 50

/** What the processes of a run have noted. One that is killed may leave half a line, which is an empty note. */
export function readNotes(file: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.map(parseJson).map(objectOf)
}

/** The processes that have noted their start in the file, and not their end, and live. */
export function livingIn(file: string): readonly number[] {
  const notes = readNotes(file)
  const pidsOf = (kind: string): number[] =>
    notes.filter((note) => note['kind'] === kind).map((note) => Number(note['pid']))
  const ended = new Set(pidsOf('exit'))
  return pidsOf('start').filter((pid) => pid > 1 && !ended.has(pid) && isOfRun(pid, file))
}

/** Sends a signal to each of them. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Ends what a run has left behind: by SIGTERM, and by force once the time is over. */
export async function endLeftovers(file: string, graceMs: number): Promise<void> {
  const told = new Set<number>()
  const lastAtMs = performance.now() + graceMs
  for (let living = livingIn(file); living.length > 0; living = livingIn(file)) {
    if (performance.now() > lastAtMs) return signalAll(living, 'SIGKILL')
    signalAll(
      living.filter((pid) => !told.has(pid)),
      'SIGTERM',
    )
    for (const pid of living) told.add(pid)
    await setTimeout(LOOK_MS)
  }
}

/** One that was killed notes no end, and its number may be another's since: on Linux its environment says whose it is. */
function isOfRun(pid: number, file: string): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`STREAMGAUGE_DOCTOR_FILE=${file}\0`)
  } catch {
    return false
  }
}
