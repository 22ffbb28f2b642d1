import type { FoundPackage, FoundPackages } from './find-packages.ts'
import type { Preload } from './preloads.ts'
import type { Project } from './project.ts'

/** A way in which the application is started. */
export interface Start {
  /** Where it stands: `scripts.start`, `the command`. */
  readonly place: string
  /** Its words. */
  readonly words: readonly string[]
  readonly preloads: readonly Preload[]
}

/** Place of a command that was given. */
export const COMMAND = 'the command'

/** Everything that the checks look at. */
export interface Situation {
  readonly project: Project
  readonly found: FoundPackages
  readonly env: Readonly<Record<string, string | undefined>>
  /** The command that was given, or the scripts of the project that start something. */
  readonly starts: readonly Start[]
  /** Those of `NODE_OPTIONS`, which go for every start. */
  readonly nodeOptions: readonly Preload[]
  /** Of our package. */
  readonly peers: Readonly<Record<string, string>>
}

/** The copies of a package. */
export function copiesOf({ found }: Situation, name: string): readonly FoundPackage[] {
  return found.packages.filter((copy) => copy.name === name)
}

/** The versions of some copies, each once, in their order. */
export function versionsOf(copies: readonly FoundPackage[]): readonly string[] {
  return [...new Set(copies.map(({ version }) => version))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
}
