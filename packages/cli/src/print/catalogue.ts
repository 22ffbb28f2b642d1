import type { EntryKind, ListedEntry } from '../explain/entries.ts'
import { paint } from './style.ts'
import { formatTable } from './table.ts'
import { wrapText } from './wrap.ts'

const TITLES: Readonly<Record<EntryKind, string>> = {
  fault: 'Faults: what ended a stream, one each',
  anomaly: 'Anomalies: what was odd, and ended nothing',
  cause: 'Causes: why, always with how sure that is',
  outcome: 'Outcomes: how a stream ended',
}

/** Every name that can be explained, by what it is, and the products that have settings. */
export function formatCatalogue(
  entries: readonly ListedEntry[],
  products: readonly { readonly id: string; readonly name: string }[],
  width: number,
): string {
  const columns = [{ title: 'name' }, { title: 'what it means', wraps: true }]
  const groups = (Object.keys(TITLES) as EntryKind[]).map((kind) => {
    const rows = entries.filter((entry) => entry.kind === kind).map(({ name, meaning }) => [name, meaning])
    return `${paint('bold', TITLES[kind])}\n${formatTable(columns, rows, { width })}`
  })
  const ids = products.map(({ id }) => id).join(', ')
  return [
    ...groups,
    [paint('bold', 'Products with settings'), ...wrapText(ids, width)].join('\n'),
    wrapText(
      'streamgauge explain NAME, which may be an HTTP status; --product PRODUCT for one product alone.',
      width,
    ).join('\n'),
  ].join('\n\n')
}
