import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where built programs stay: a folder of the repository that git ignores. */
export const CACHE: string = join(import.meta.dirname, '../../../../../.cache/programs')

/** A program that the stack is made of, or that reads its files, built from its Go module. */
export interface Program {
  /** Of what the stack is made of, that of the image in docker-compose.yml. */
  readonly version: string
  /** The executables, which stand in `CACHE/{name}-{version}`. */
  readonly executables: readonly string[]
}

export const PROGRAMS = {
  collector: { version: '0.161.0', executables: ['otelcol'] },
  prometheus: { version: '3.16.0', executables: ['prometheus', 'promtool'] },
  alertmanager: { version: '0.35.0', executables: ['alertmanager', 'amtool'] },
  /** It reads docker-compose.yml; without an engine it starts nothing. */
  compose: { version: '5.6.0', executables: ['docker-compose'] },
} as const satisfies Record<string, Program>

/** @see PROGRAMS */
export type ProgramName = keyof typeof PROGRAMS

const OWNERS: Readonly<Record<string, ProgramName>> = Object.fromEntries(
  Object.entries(PROGRAMS).flatMap(([name, { executables }]) =>
    executables.map((executable) => [executable, name as ProgramName]),
  ),
)

/** The path of an executable, whether or not it is there. */
export function executablePath(executable: string): string {
  const name = OWNERS[executable]
  if (name === undefined) throw new Error(`no program of the stack has an executable ${executable}`)
  return join(CACHE, `${name}-${PROGRAMS[name].version}`, executable)
}

/** Whether all executables of a program were built. */
export function isBuilt(name: ProgramName): boolean {
  return PROGRAMS[name].executables.every((executable) => {
    try {
      accessSync(executablePath(executable), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
