import fc from 'fast-check'

/** How many times as many cases. */
const TIMES = Number(process.env['STREAMGAUGE_FUZZ_RUNS'] ?? 1)
/** Fixed, so that a change is judged by itself; longer hunts set another. */
const SEED = Number(process.env['STREAMGAUGE_FUZZ_SEED'] ?? 103_374_097)
const PATH = process.env['STREAMGAUGE_FUZZ_PATH']

if (!(TIMES > 0)) throw new RangeError(`STREAMGAUGE_FUZZ_RUNS must be a number above 0, and is ${TIMES}`)
if (!Number.isInteger(SEED)) throw new RangeError(`STREAMGAUGE_FUZZ_SEED must be a whole number, and is ${SEED}`)

/** Rows of what, what was expected, what came. Empty where all is well. */
export type Difference = readonly (readonly [what: string, expected: unknown, received: unknown])[]

/** Looks for a case that differs; throws with the seed and the path that find it again, and with the smallest as a table. */
export async function assertFuzz<T>(
  name: string,
  runs: number,
  arbitrary: fc.Arbitrary<T>,
  compare: (value: T) => Promise<Difference>,
  show: (value: T) => readonly string[],
): Promise<void> {
  const numRuns = Math.ceil(runs * TIMES)
  const property = fc.asyncProperty(arbitrary, async (value) => (await compare(value)).length === 0)
  const details = await fc.check(property, { numRuns, seed: SEED, ...(PATH === undefined ? {} : { path: PATH }) })
  process.stdout.write(`fuzz: ${name}: ${details.numRuns} cases, STREAMGAUGE_FUZZ_SEED=${SEED}\n`)
  if (!details.failed) return
  const [value] = details.counterexample ?? []
  if (value === undefined) throw details.errorInstance
  throw new Error(
    [
      `${name} (run ${details.numRuns}, shrunk ${details.numShrinks} times)`,
      `again: STREAMGAUGE_FUZZ_SEED=${details.seed} STREAMGAUGE_FUZZ_PATH=${details.counterexamplePath ?? ''}`,
      '',
      ...show(value),
      '',
      ...(await compare(value)).flatMap(([what, expected, received]) => [
        what,
        `  expected: ${textOf(expected)}`,
        `  received: ${textOf(received)}`,
      ]),
    ].join('\n'),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
}
