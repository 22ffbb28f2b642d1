/** A straight line through some points. */
export interface Fit {
  /** Where it begins: y at x = 0. */
  readonly start: number
  /** What each unit of x adds. */
  readonly slope: number
  readonly at: (x: number) => number
  /** How far the points are from it, each as a share of its own y. */
  readonly deviations: readonly number[]
}

/**
 * The line with the least squares of the relative deviations. Of absolute ones, the largest of points that lie decades apart
 * would be the only one that counts.
 */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Fit {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0]
  for (const [x, y] of points) {
    const weight = 1 / y ** 2
    w += weight
    wx += weight * x
    wy += weight * y
    wxx += weight * x * x
    wxy += weight * x * y
  }
  const slope = (w * wxy - wx * wy) / (w * wxx - wx * wx)
  const start = (wy - slope * wx) / w
  const at = (x: number): number => start + slope * x
  return { start, slope, at, deviations: points.map(([x, y]) => y / at(x) - 1) }
}
