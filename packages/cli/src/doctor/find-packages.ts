import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { foldersUpward, readJson } from './project.ts'

/** A copy of a package. */
export interface FoundPackage {
  readonly name: string
  readonly version: string
  /** Its real folder: links to the same folder are one copy. */
  readonly path: string
}

/** What was found, and whether everything was looked at. */
export interface FoundPackages {
  readonly packages: readonly FoundPackage[]
  readonly isComplete: boolean
}

/** Packages that are looked at: a large application depends on some thousands. */
export const MAX_PACKAGES = 20_000

/**
 * Finds every copy of some packages that code in a folder can load: what the project depends on, and what that depends on, each
 * looked for as Node.js does, in `node_modules` from where it is wanted upward. So copies under another name (`npm:openai@6`),
 * nested ones and those in pnpm's store are found, and nothing that merely lies there. What is wanted without being declared is
 * found where it lies in `node_modules` of the folder or of one above it.
 *
 * @param names of the packages
 */
export function findPackages(folder: string, names: ReadonlySet<string>): FoundPackages {
  const found: FoundPackage[] = []
  const seen = new Set<string>()
  const root =
    foldersUpward(folder).find((candidate) => readJson(join(candidate, 'package.json')) !== undefined) ?? folder
  const wanted = [
    ...[...names].map((name) => ({ name, from: folder })),
    ...dependenciesOf(root, ROOT_KINDS).map((name) => ({ name, from: root })),
  ]
  for (let next = wanted.pop(); next !== undefined && seen.size < MAX_PACKAGES; next = wanted.pop()) {
    const path = resolve(next.name, next.from)
    if (path === undefined || seen.has(path)) continue
    seen.add(path)
    const { name, version } = readJson(join(path, 'package.json')) ?? {}
    if (typeof name === 'string' && names.has(name)) {
      found.push({ name, version: typeof version === 'string' ? version : 'unknown', path })
    }
    wanted.push(...dependenciesOf(path, KINDS).map((dependency) => ({ name: dependency, from: path })))
  }
  return { packages: found, isComplete: seen.size < MAX_PACKAGES }
}

/** What a package loads. */
const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const
/** What a project loads: its tools among it, which start it now and then. */
const ROOT_KINDS = [...KINDS, 'devDependencies'] as const

function dependenciesOf(folder: string, kinds: readonly string[]): readonly string[] {
  const json = readJson(join(folder, 'package.json')) ?? {}
  return kinds.flatMap((kind) => {
    const list = json[kind]
    return typeof list === 'object' && list !== null ? Object.keys(list) : []
  })
}

function resolve(name: string, from: string): string | undefined {
  for (const folder of foldersUpward(from)) {
    try {
      return realpathSync(join(folder, 'node_modules', name))
    } catch {
      // Not there: the next folder above.
    }
  }
  return undefined
}
