import { cpus } from 'node:os'

/** A table in Markdown, as it stands in RESULTS.md and on the page. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rows].map(line).join('\n')
}

/** What figures depend on. */
export function describeMachine(): string {
  const [first] = cpus()
  return `Node.js ${process.versions.node}, ${cpus().length} cores of ${first?.model ?? 'an unknown processor'}`
}

/** With thousands set apart. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
