import fc from 'fast-check'

/** How often each property is tried, beside what it is tried by itself. @see fuzz.test.ts */
const TIMES = Number(process.env['STREAMGAUGE_FUZZ_RUNS'] ?? 1)
const SEED = Number(process.env['STREAMGAUGE_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const PATH = process.env['STREAMGAUGE_FUZZ_PATH']

if (!(TIMES > 0)) throw new RangeError(`STREAMGAUGE_FUZZ_RUNS must be a number above 0, and is ${TIMES}`)
if (!Number.isInteger(SEED)) throw new RangeError(`STREAMGAUGE_FUZZ_SEED must be a whole number, and is ${SEED}`)

/** What is wrong with a case: rows of what, what was expected, what came. Empty where nothing is. */
export type Difference = readonly (readonly [what: string, expected: unknown, received: unknown])[]

/**
 * Looks for a case that differs, and throws where there is one: with the seed and path that find it again, and the smallest
 * such case as a table.
 *
 * @param runs - how many cases, to be multiplied by `STREAMGAUGE_FUZZ_RUNS`
 * @param show - a case in lines that a person can read
 */
export function assertFuzz<T>(
  name: string,
  runs: number,
  arbitrary: fc.Arbitrary<T>,
  compare: (value: T) => Difference,
  show: (value: T) => readonly string[],
): void {
  const numRuns = Math.ceil(runs * TIMES)
  const property = fc.property(arbitrary, (value) => compare(value).length === 0)
  const details = fc.check(property, { numRuns, seed: SEED, ...(PATH === undefined ? {} : { path: PATH }) })
  process.stdout.write(`fuzz: ${name}: ${details.numRuns} cases, STREAMGAUGE_FUZZ_SEED=${SEED}\n`)
  if (!details.failed) return
  const [value] = details.counterexample ?? []
  if (value === undefined) throw new Error(`no case was found after ${details.numSkips} skips`)
  throw new Error(
    [
      `${name} (run ${details.numRuns}, shrunk ${details.numShrinks} times)`,
      `again: STREAMGAUGE_FUZZ_SEED=${details.seed} STREAMGAUGE_FUZZ_PATH=${details.counterexamplePath ?? ''}`,
      '',
      ...show(value),
      '',
      ...table(safely(() => compare(value), details.errorInstance)),
    ].join('\n'),
  )
}

function safely(compare: () => Difference, thrown: unknown): Difference {
  try {
    return compare()
  } catch {
    return [['thrown', 'nothing', thrown instanceof Error ? thrown.stack : thrown]]
  }
}

function table(rows: Difference): string[] {
  const cells = [['', 'expected', 'received'], ...rows.map((row) => row.map((cell) => textOf(cell)))]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  | '))
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? 'undefined')
}

/** Bytes as the text they are in a source file, one line for each of theirs; what is no text as `\xNN`. */
export function showBytes(bytes: Uint8Array): string[] {
  const text = Array.from(bytes, (byte) => {
    if (byte === 0x0a) return '\\n'
    if (byte === 0x0d) return '\\r'
    if (byte === 0x5c) return '\\\\'
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }).join('')
  const lines = text.split(/(?<=\\n|\\r(?!\\n))/)
  return lines.map((line) =>
    line.length <= 300 ? line : `${line.slice(0, 200)} … ${line.length - 300} more … ${line.slice(-100)}`,
  )
}
