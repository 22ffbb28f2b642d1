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
    if (!reported.has(place)) {
      reported.add(place)
      diag.error(`streamgauge: ${place} failed; the application is not affected`, error)
    }
    return undefined
  }
}
