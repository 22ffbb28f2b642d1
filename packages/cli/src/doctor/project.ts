import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project that a folder belongs to. */
export interface Project {
  /** Folder of the nearest package.json; `null` outside of any project. */
  readonly root: string | null
  readonly type: 'module' | 'commonjs' | null
  readonly scripts: Readonly<Record<string, string>>
  /** Of every kind. */
  readonly dependencies: Readonly<Record<string, string>>
  /** The package.json is no JSON. */
  readonly isBroken: boolean
  /** Yarn keeps packages in archives, into which nothing here looks. */
  readonly hasPlugAndPlay: boolean
}

/** Reads the project that a folder belongs to. */
export function readProject(folder: string): Project {
  const root = foldersUpward(folder).find((candidate) => existsSync(join(candidate, 'package.json'))) ?? null
  const json = root === null ? {} : readJson(join(root, 'package.json'))
  const { type, scripts, ...others } = json ?? {}
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  return {
    root,
    type: root === null ? null : type === 'module' ? 'module' : 'commonjs',
    scripts: readTexts(scripts),
    dependencies: Object.assign({}, ...kinds.map((kind) => readTexts(others[kind]))) as Record<string, string>,
    isBroken: json === undefined,
    hasPlugAndPlay: foldersUpward(folder).some((candidate) => existsSync(join(candidate, '.pnp.cjs'))),
  }
}

/** A folder and those above it. */
export function foldersUpward(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersUpward(parent)]
}

/** The object in a file of JSON; `undefined` where there is none. */
export function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
