import { displayWidth, keepStart } from './width.ts'
import { wrapText } from './wrap.ts'

/** A column of a table. */
export interface Column {
  readonly title: string
  /** Numbers stand on the right. */
  readonly align?: 'left' | 'right' | undefined
  /** Left out where the page is too narrow for all, the highest number first; a column without one stays. */
  readonly spare?: number | undefined
  /** Long texts go on in the next line instead of being cut. */
  readonly wraps?: boolean | undefined
}

/** How a table is laid out. */
export interface TableOptions {
  /** Columns of the page, which no line exceeds. */
  readonly width: number
  /** Colours a cell once its place is settled. */
  readonly paintCell?: ((text: string, row: number, column: number) => string) | undefined
}

const GAP = '  '

/** Narrowest that a column becomes. */
const MIN_CELL_WIDTH = 4

/** Lays rows out in columns under their titles. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, paintCell = (text) => text }: TableOptions,
): string {
  const placed = fit(
    columns.map((column, index) => place(column, index, rows)),
    width,
  )
  const titles = columns.map(({ title }) => title)
  return [
    ...formatRow(placed, titles, (title) => title),
    placed.map((column) => '─'.repeat(column.width)).join(GAP),
    ...rows.flatMap((row, r) => formatRow(placed, row, (text, c) => paintCell(text, r, c))),
  ].join('\n')
}

interface Placed extends Column {
  /** Among all columns, those left out as well. */
  readonly index: number
  readonly width: number
}

function place(column: Column, index: number, rows: readonly (readonly string[])[]): Placed {
  const widths = rows.map((row) => displayWidth(row[index] ?? ''))
  return { ...column, index, width: Math.max(displayWidth(column.title), ...widths) }
}

/** Leaves columns out until the rest fits; where none can be spared, the widest become narrower. */
function fit(columns: readonly Placed[], width: number): readonly Placed[] {
  const total = columns.reduce((sum, column) => sum + column.width, (columns.length - 1) * GAP.length)
  if (total <= width) return columns
  const spare = columns.toSorted((a, b) => (b.spare ?? 0) - (a.spare ?? 0))[0]
  if (spare?.spare !== undefined)
    return fit(
      columns.filter((column) => column !== spare),
      width,
    )
  const widest = columns.toSorted((a, b) => b.width - a.width)[0]
  if (widest === undefined || widest.width <= MIN_CELL_WIDTH) return columns
  const narrower = { ...widest, width: Math.max(MIN_CELL_WIDTH, widest.width - (total - width)) }
  return fit(
    columns.map((column) => (column === widest ? narrower : column)),
    width,
  )
}

/** A row, which takes several lines where a cell wraps. */
function formatRow(
  columns: readonly Placed[],
  row: readonly string[],
  paint: (text: string, column: number) => string,
): readonly string[] {
  const cells = columns.map((column) => {
    const text = row[column.index] ?? ''
    return column.wraps === true ? wrapText(text, column.width) : [keepStart(text, column.width)]
  })
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, c) => {
        const text = cells[c]?.[line] ?? ''
        const padding = ' '.repeat(Math.max(0, column.width - displayWidth(text)))
        const painted = text === '' ? '' : paint(text, column.index)
        return column.align === 'right' ? padding + painted : painted + padding
      })
      .join(GAP)
      .trimEnd(),
  )
}
