/** Most names that are offered for one that is misspelt. */
const MAX_OFFERED = 3

/**
 * Names like one that is misspelt, the likest first; none where nothing is like it.
 *
 * Like it are names that hold it or are held by it, and those that at most a third of its characters make another.
 */
export function findNearestNames(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase()
  // A name is short: what is longer is none.
  if (wanted === '' || wanted.length > MAX_NAME_LENGTH) return []
  return known
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MAX_OFFERED)
    .map(({ candidate }) => candidate)
}

const MAX_NAME_LENGTH = 64

/** Shortest name that is looked for inside of others. */
const MIN_PART_LENGTH = 3

function distanceOf(wanted: string, candidate: string): number {
  const isPart = wanted.length >= MIN_PART_LENGTH && (candidate.includes(wanted) || wanted.includes(candidate))
  return isPart ? 1 : editDistance(wanted, candidate)
}

/** Levenshtein's: characters to put in, take out or change. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
