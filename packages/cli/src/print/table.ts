import { displayWidth } from './width.ts'

/** A column of a table. */
export interface Column {
  readonly title: string
  /** Numbers stand on the right. */
  readonly align?: 'left' | 'right' | undefined
}

const GAP = '  '

/**
 * Lays rows out in columns under their titles.
 *
 * @param paintCell colours a cell once its place is settled
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paintCell: (cell: string, row: number, column: number) => string = (cell) => cell,
): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ''))),
  )
  const line = (cells: readonly string[], paint: (cell: string, column: number) => string): string =>
    cells
      .map((cell, i) => place(cell, paint(cell, i), widths[i] ?? 0, columns[i]?.align))
      .join(GAP)
      .trimEnd()
  const head = line(
    columns.map(({ title }) => title),
    (cell) => cell,
  )
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP)
  return [head, rule, ...rows.map((row, r) => line(row, (cell, c) => paintCell(cell, r, c)))].join('\n')
}

function place(plain: string, painted: string, width: number, align: Column['align']): string {
  const padding = ' '.repeat(Math.max(0, width - displayWidth(plain)))
  return align === 'right' ? padding + painted : painted + padding
}
