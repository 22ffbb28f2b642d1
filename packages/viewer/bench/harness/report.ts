import { cpus, loadavg } from 'node:os'

/** A table in Markdown, as it stands in RESULTS.md. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  console.log([head, rule, ...rows].map(line).join('\n'))
}

/** Processes that ran or waited to run before the bench did. */
const [LOAD_BEFORE = 0] = loadavg()

/** What figures depend on. */
export function describeMachine(): string {
  const [first] = cpus()
  const { node, sqlite } = process.versions
  const cores = `${cpus().length} cores of ${first?.model ?? 'an unknown processor'}`
  return `Node.js ${node}, SQLite ${sqlite}, ${cores}, with a load of ${LOAD_BEFORE.toFixed(1)} by others`
}

/** The median, the 95th percentile and the longest of some durations, in milliseconds. */
export function latencyCells(durations: readonly number[]): readonly string[] {
  if (durations.length === 0) throw new Error('no samples')
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN
  return [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1))
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

/** Ends the bench where its own result is not what was sent. */
export function expectEqual(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [found, expected].map((value) => JSON.stringify(value))
  if (left !== right) throw new Error(`${what}: ${left}, not ${right}`)
}
