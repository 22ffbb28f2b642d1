import { formatTable, readSection } from '../../document-section.ts'
import { EXPECTED_PANELS } from '../expected-panels.ts'
import type { PanelQuery } from './expect-panel.ts'
import type { Sample } from './prometheus.ts'

/** What a query of a panel gave. */
export interface PanelResult {
  readonly query: PanelQuery
  readonly samples: readonly Sample[]
}

/** Longer lists are cut in the document. */
const SHOWN = 6

/** A table of what the queries gave, in the order in which they were asked. */
export function resultsTable(results: readonly PanelResult[]): string {
  const rows = results.map(({ query: [title, refId], samples }) => {
    const values = samples
      .map(({ labels: { __name__, ...labels }, value }) => ({ name: Object.values(labels).join(', '), value }))
      .toSorted((a, b) => b.value - a.value || a.name.localeCompare(b.name))
      .map(({ name, value }) => (name === '' ? format(value) : `${name}: ${format(value)}`))
    const more = values.length > SHOWN ? [`and ${values.length - SHOWN} more`] : []
    return [title, refId, [...values.slice(0, SHOWN), ...more].join(' · ')]
  })
  return formatTable(['panel', 'query', 'what Prometheus answered'], rows)
}

/** Rows of the document that say another thing than what was just seen; times, which differ in each run, are left out. */
export function outdatedRows(path: string, mark: string, results: readonly PanelResult[]): readonly string[] {
  const table = resultsTable(results)
  const present = new Set(readSection(path, mark, table).split('\n'))
  return table.split('\n').filter((row) => {
    const [, title = '', refId = ''] = row.split('|').map((cell) => cell.trim())
    return typeof EXPECTED_PANELS[title]?.[refId] === 'object' && !present.has(row)
  })
}

function format(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3)
}
