import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What stands in finished blocks of Tempo: how many traces, in how many bytes on disk. */
export function readBlocks(blocks: string): { readonly traces: number; readonly bytes: number } {
  const folder = join(blocks, 'single-tenant')
  const sum = { traces: 0, bytes: 0 }
  if (!existsSync(folder)) return sum
  for (const name of readdirSync(folder)) {
    const meta = join(folder, name, 'meta.json')
    // One that was compacted into another has a file of another name.
    if (!existsSync(meta)) continue
    sum.traces += (JSON.parse(readFileSync(meta, 'utf8')) as { totalObjects: number }).totalObjects
    for (const part of readdirSync(join(folder, name))) sum.bytes += statSync(join(folder, name, part)).size
  }
  return sum
}
