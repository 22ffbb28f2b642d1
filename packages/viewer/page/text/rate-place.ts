/** The lowest rate that the axis has: a tenth of an objective of 99.9 %. */
const LOWEST_RATE = 0.0001

/** Where a rate stands between the bottom and the top of a logarithmic axis, 0 to 1. */
export function ratePlace(rate: number): number {
  if (!(rate > LOWEST_RATE)) return 0
  return Math.min(1, Math.log10(rate / LOWEST_RATE) / Math.log10(1 / LOWEST_RATE))
}
