import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findPackageJSON } from 'node:module'

/** A project in a folder of its own. */
export interface ProjectPlan {
  /** Its package.json, beside a name. */
  readonly json?: Readonly<Record<string, unknown>>
  /** Real packages of this workspace, linked: the name in `node_modules`, and the one that it has here. */
  readonly links?: Readonly<Record<string, string>>
  /** Packages that consist of a package.json: the path below the project, and the package's name and version. */
  readonly fakes?: Readonly<Record<string, readonly [name: string, version: string, dependencies?: readonly string[]]>>
  /** Its files, by their names. */
  readonly files?: Readonly<Record<string, string>>
}

/** The folder of a package that this one depends on. */
export function folderOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url)
  if (path === undefined) throw new Error(`${name} is not installed.`)
  return realpathSync(dirname(path))
}

/** Makes a project, and says where. */
export function makeProject({ json = {}, links = {}, fakes = {}, files = {} }: ProjectPlan): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'streamgauge-doctor-')))
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  write('package.json', JSON.stringify({ name: 'app', ...json }))
  for (const [name, installed] of Object.entries(links)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(folderOf(installed), link)
  }
  for (const [path, [name, version, dependencies = []]] of Object.entries(fakes)) {
    const wanted = Object.fromEntries(dependencies.map((dependency) => [dependency, '*']))
    write(`${path}/package.json`, JSON.stringify({ name, version, dependencies: wanted }))
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return folder
}

/** Everything that a project needs to be watched. */
export const COMPLETE: Readonly<Record<string, string>> = {
  openai: 'openai',
  '@streamgauge/instrumentation-openai': '@streamgauge/instrumentation-openai',
  '@opentelemetry/api': '@opentelemetry/api',
  '@opentelemetry/sdk-node': '@opentelemetry/sdk-node',
}
