/** Widest page that is drawn, and the one for outputs that are no terminal. Columns. */
const MAX_WIDTH = 120

/** Narrowest page that is drawn; a terminal below that wraps lines. Columns. */
const MIN_WIDTH = 40

/** Columns of the page that is printed. */
export function pageWidth(): number {
  // A pseudo-terminal that nobody gave a size has 0 columns.
  return Math.max(MIN_WIDTH, Math.min(process.stdout.columns || MAX_WIDTH, MAX_WIDTH))
}
