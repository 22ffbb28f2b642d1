/** Steps of a distribution for each doubling: a percentile read from them is at most 9 % too long. */
export const STEPS_PER_DOUBLING = 8

/** What is shorter counts as this: a step further down would tell apart what no clock does. */
const SHORTEST_MS = 0.1

/** What is longer counts as this, 35 years: any program may send any number. */
const LONGEST_MS = 2 ** 40

/** In place of the step of a duration that isn't known. */
export const NO_STEP = -32_768

/** The step that a duration in milliseconds lies in; each is a fixed share longer than the one before. */
export function stepOf(ms: unknown): number {
  if (typeof ms !== 'number') return NO_STEP
  const bounded = Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS)
  return Math.floor(Math.log2(bounded) * STEPS_PER_DOUBLING)
}

/** Where a step begins, and the one before it ends. */
export function stepStartMs(step: number): number {
  return 2 ** (step / STEPS_PER_DOUBLING)
}
