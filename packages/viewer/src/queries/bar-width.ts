/** Most bars of a chart over time. */
const MAX_BARS = 60

/** Widths that a bar over time may have, in milliseconds. */
const WIDTHS_MS = [0.1, 0.2, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400, 604_800].map(
  (seconds) => seconds * 1000,
)

/** The narrowest round width of bars over so much time. Whoever sends a stream of 1970 gets long ones. Milliseconds. */
export function barWidth(timeMs: number, leastMs = 0): number {
  const neededMs = Math.max(leastMs, timeMs / (MAX_BARS - 1))
  return WIDTHS_MS.find((widthMs) => widthMs >= neededMs) ?? Math.ceil(neededMs)
}
