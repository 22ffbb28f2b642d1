import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Peer } from './peers.ts'

const CACHE = join(import.meta.dirname, '../../../../.cache/peers')

/** Where a peer and its `openai` are, outside of the workspace and of git. */
export function folderOf({ name }: Peer): string {
  return join(CACHE, name.toLowerCase().replaceAll(/\W+/g, '-'))
}

/** A file beside a peer's `openai` that imports it by name. */
export function entryOf(peer: Peer): string {
  return join(folderOf(peer), 'entry.mjs')
}

/**
 * Installs what is not there yet.
 *
 * @returns why that failed, or nothing
 */
export function install(peer: Peer): string | undefined {
  const folder = folderOf(peer)
  mkdirSync(folder, { recursive: true })
  writeFileSync(entryOf(peer), "export { OpenAI } from 'openai'\n")
  const wanted = Object.entries(peer.packages)
  if (wanted.every(([name, version]) => installedVersion(folder, name) === version)) return undefined
  console.error(`installing ${peer.name}`)
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder]
  const specifiers = wanted.map(([name, version]) => `${name}@${version}`)
  const { status, error, stderr } = spawnSync('npm', ['install', ...flags, ...specifiers], { encoding: 'utf8' })
  if (status === 0) return undefined
  // The code, and not the lines after it, which name the machine's registry and folders.
  return error?.message ?? /npm error code \w+/.exec(stderr)?.[0] ?? `npm ended with ${status}`
}

function installedVersion(folder: string, name: string): string | undefined {
  try {
    const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(manifest) as { readonly version: string }).version
  } catch {
    // Not there, or cut off.
    return undefined
  }
}
