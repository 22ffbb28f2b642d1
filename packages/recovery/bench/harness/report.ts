import { cpus } from 'node:os'

/** A table in Markdown, as it stands in RESULTS.md. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  console.log([head, rule, ...rows].map(line).join('\n'))
}

/** What figures depend on. */
export function describeMachine(): string {
  const [first] = cpus()
  return `medians (quartiles), Node.js ${process.versions.node}, ${cpus().length} cores of ${first?.model ?? 'an unknown processor'}`
}
