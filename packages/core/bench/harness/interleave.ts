import { spreadOf, type Spread } from './statistics.ts'

/** One way to spend time. */
export interface Case {
  readonly name: string
  /** What its time is divided by: reads, say. */
  readonly units: number
  /** Throws where the result is wrong. */
  readonly run: () => void
}

/** Nanoseconds for a unit of each case: all of them take turns, so that what disturbs the machine disturbs them alike. */
export function interleave(cases: readonly Case[], rounds: number, warmUp: number): Spread[] {
  const samples = cases.map((): number[] => [])
  for (let round = 0; round < rounds + warmUp; round++) {
    const order = [...cases.entries()]
    for (const [index, { units, run }] of round % 2 === 0 ? order : order.toReversed()) {
      const startMs = performance.now()
      run()
      const ns = ((performance.now() - startMs) * 1e6) / units
      if (round >= warmUp) samples[index]?.push(ns)
    }
  }
  return samples.map(spreadOf)
}
