import { diag } from '@opentelemetry/api'

const reported = new Set<string>()

/**
 * Runs code of ours inside somebody else's process: whatever it throws is reported to `diag`, once for each place, and
 * goes no further.
 *
 * @param place short fixed name of what was being done
 * @returns what `run` returned, or `undefined` where it threw
 */
export function guard<T>(place: string, run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    reportFailure(place, error)
    return undefined
  }
}

/** What `guard` does with an error; by itself for the places that run for each chunk, which want no closure. */
export function reportFailure(place: string, error: unknown): void {
  if (reported.has(place)) return
  reported.add(place)
  quietly(() => diag.error(`streamgauge: ${place} failed; the application is not affected`, error))
}

const warned = new Set<string>()

/** Warns through `diag`; of each thing once in a process, since what is wrong in its set-up stays wrong. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  quietly(() => diag.warn(`streamgauge: ${message}`))
}

/** The logger is the application's: where it throws, there is nowhere left to say so. */
function quietly(tell: () => void): void {
  try {
    tell()
  } catch {}
}
