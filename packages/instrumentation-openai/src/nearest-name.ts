/** The one of `names` that takes the fewest edits to be made of `name`, whatever the case; the first one of several. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const wanted = name.slice(0, MAX_LENGTH).toLowerCase()
  const [best] = names
    .map((known) => ({ known, edits: edits(wanted, known.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits)
  return best?.known
}

/** Longest name that is compared: no name of ours is half as long. */
const MAX_LENGTH = 64

/** Letters to put in, take out or replace (Levenshtein), row by row. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (letter === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
