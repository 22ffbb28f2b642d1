/** Further away than this, a name isn't a slip of the fingers any more. */
const MAX_DISTANCE = 4

/** Counts the single-character edits between two texts (Levenshtein). */
const countEdits = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [above, letter] of Array.from(from).entries()) {
    const next = [above + 1]
    for (const [left, other] of Array.from(to).entries()) {
      const replaced = (row[left] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[left + 1] ?? 0) + 1, (next[left] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** Finds the known name that somebody probably meant. */
export const findNearestName = (name: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map((candidate) => ({ candidate, edits: countEdits(name, candidate) }))
    .toSorted((one, other) => one.edits - other.edits)
  return best !== undefined && best.edits <= MAX_DISTANCE ? best.candidate : undefined
}
