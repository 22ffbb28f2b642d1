/**
 * Most chunk spans of broken streams made within a second: half of what the queue of OpenTelemetry's batch processor takes
 * unless it is told otherwise. Where a host dies, all of its streams break at once: their own spans need the other half.
 */
export const MAX_BURST = 1024
const BURST_MS = 1000

let endsMs = -Infinity
let left = 0

/** How many of so many chunk spans may be made now. */
export function takeOfBurst(wanted: number, nowMs: number): number {
  if (nowMs >= endsMs) [endsMs, left] = [nowMs + BURST_MS, MAX_BURST]
  const taken = Math.min(wanted, left)
  left -= taken
  return taken
}
