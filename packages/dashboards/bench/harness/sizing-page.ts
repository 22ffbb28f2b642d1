import { readFileSync, writeFileSync } from 'node:fs'
import { readMeasured, type ByKind, type Measured } from './measured.ts'
import { tableOf, whole } from './report.ts'
import { computeSize, RULES, type Figure, type Load } from './sizing.ts'

const PAGE = new URL('../../docs/sizing.md', import.meta.url)

const COMMON = {
  brokenShare: 0.01,
  streamSeconds: 20,
  cells: 10,
  errorTypes: 3,
  decisionWaitSeconds: 600,
  afterRootSeconds: 30,
  healthyKeptShare: 0.05,
  exportSeconds: 60,
}
/** What `size.ts` starts from. */
export const EXAMPLE: Load = { ...COMMON, streamsPerSecond: 100, processes: 10 }
/** The loads on the page. */
const LOADS: readonly Load[] = [
  { ...COMMON, streamsPerSecond: 1, processes: 1 },
  EXAMPLE,
  { ...COMMON, streamsPerSecond: 10_000, processes: 500 },
]

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function formatFigure({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (unit === 'count') return value < 10 && !Number.isInteger(value) ? value.toPrecision(2) : whole(value)
  const power = Math.max(0, Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3)))
  return `${(value / 1000 ** power).toPrecision(3)} ${UNITS[power]}`
}

/** The figures of some loads, one column each. */
export function sizeTable(loads: readonly Load[], measured: Measured): string {
  const columns = loads.map((load) => computeSize(load, measured))
  const rows = (columns[0] ?? []).map(({ what, formula }, row) => [
    what,
    ...columns.map((column) => formatFigure(column[row] ?? { value: NaN, unit: 'count' })),
    formula,
  ])
  return tableOf(['', ...loads.map(({ streamsPerSecond }) => `${whole(streamsPerSecond)} streams/s`), 'formula'], rows)
}

function measuredTable({ volume, backends }: Measured): string {
  const row = (what: string, { healthy, broken }: ByKind, digits = 0): string[] => [
    what,
    digits === 0 ? whole(healthy) : healthy.toFixed(digits),
    digits === 0 ? whole(broken) : broken.toFixed(digits),
  ]
  const both = (of: keyof Measured['volume']['healthy']): ByKind => ({
    healthy: volume.healthy[of],
    broken: volume.broken[of],
  })
  const streams = tableOf(
    ['of one stream', 'completed', 'broken'],
    [
      row('spans', both('spans')),
      row('bytes of traces (OTLP, protobuf)', both('bytes')),
      row('the same on the wire, with gzip', both('gzipBytes')),
      row('bytes of logs', both('logBytes')),
      row('bytes of heap where a sampler holds it', backends.heldBytes),
      row('processor time of a gateway, µs', backends.cpuUs.gateway),
      row('processor time of a sampler, µs', backends.cpuUs.sampler),
      row("bytes in Tempo's blocks", backends.blockBytes),
    ],
  )
  const { metrics, perChunkSpan } = volume
  const rest = tableOf(
    ['of one', 'series', 'bytes of an export'],
    [
      ['process', whole(metrics.seriesPerProcess), whole(metrics.bytesPerProcess)],
      ['cell', whole(metrics.seriesPerCell), whole(metrics.bytesPerCell)],
      ['type of error in a cell', metrics.seriesPerErrorType.toFixed(1), ''],
    ],
  )
  const chunk = `A span of a chunk is ${whole(perChunkSpan.bytes)} bytes, ${whole(perChunkSpan.gzipBytes)} with gzip.`
  return `${streams}\n\n${rest}\n\n${chunk}`
}

/** Writes what is computed into the page, between the marks of each section. */
export function writeSizingPage(): void {
  writeFileSync(PAGE, renderSizingPage(readFileSync(PAGE, 'utf8'), readMeasured()))
}

/** The page with what is computed from these figures. */
export function renderSizingPage(before: string, measured: Measured): string {
  const sections: Readonly<Record<string, string>> = {
    measured: measuredTable(measured),
    sizes: sizeTable(LOADS, measured),
    rules: tableOf(
      ['', 'what', 'source'],
      Object.values(RULES).map(({ value, what, source }) => [numberOf(value), what, source]),
    ),
  }
  let page = before
  for (const [name, text] of Object.entries(sections)) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [page.indexOf(start), page.indexOf(end)]
    if (from === -1 || to === -1) throw new Error(`docs/sizing.md has no section ${name}`)
    page = `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`
  }
  return page
}

const numberOf = (value: number): string => (value < 1 ? `${value}` : whole(value))
