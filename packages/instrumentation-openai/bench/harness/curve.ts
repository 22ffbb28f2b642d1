import { fitLine } from './fit.ts'
import { printTable } from './report.ts'
import { formatSpread, type Spread } from './statistics.ts'

/** How some cost grows with something. */
export interface Curve {
  /** What grows, as the head of its column. */
  readonly x: string
  /** What it costs, with its unit. */
  readonly y: string
  readonly points: readonly (readonly [x: number, y: Spread])[]
}

/** Prints the points, the line through their medians, and how far it is from each of them. */
export function printCurve({ x, y, points }: Curve): void {
  const fit = fitLine(points.map(([at, { median }]) => [at, median]))
  const digits = Math.max(...points.map(([, { median }]) => median)) < 100 ? 2 : 0
  printTable(
    [x, y, 'line', 'off by'],
    points.map(([at, spread], i) => [
      String(at),
      formatSpread(spread, digits),
      fit.at(at).toFixed(digits),
      percent(fit.deviations[i] ?? NaN),
    ]),
  )
  const sizes = fit.deviations.map(Math.abs)
  const worst = Math.max(...sizes)
  const where = points[sizes.indexOf(worst)]?.[0]
  const line = `${fit.start.toPrecision(3)} + ${fit.slope.toPrecision(3)} × (${x})`
  console.log(`\n${y} = ${line}; at most ${(100 * worst).toFixed(0)} % off, at ${where}.\n`)
}

function percent(share: number): string {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(0)} %`
}
