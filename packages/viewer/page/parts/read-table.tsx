import type { Stretch } from '../text/timeline.ts'

import { length } from '../text/timeline.ts'
import { formatBytes, formatMs, plural } from '../text/units.ts'

/** Rows of the table; the picture above has them all. */
const MAX_ROWS = 256

const TITLES = ['read', 'at', 'network wait', 'application before', 'byte offset', 'size']

/** The reads of a stream in figures. */
export function ReadTable(props: { readonly stretches: readonly Stretch[]; readonly longest: Stretch | null }) {
  const rows = props.stretches.flatMap((one, i) => {
    const before = props.stretches[i - 1]
    return one.read === null ? [] : [{ one, read: one.read, idleMs: before?.kind === 'idle' ? length(before) : 0 }]
  })
  return (
    <details>
      <summary>{`Table of ${plural(rows.length, 'read')}`}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Reads">
        <table class="reads-table">
          <thead>
            <tr>
              {TITLES.map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(-MAX_ROWS).map(({ one, read, idleMs }, i) => (
              <tr key={i} class={one === props.longest ? 'longest' : ''}>
                <td class="number">{read.index ?? '–'}</td>
                <td class="number">{formatMs(one.toMs)}</td>
                <td class="number">{formatMs(length(one))}</td>
                <td class="number">{formatMs(idleMs)}</td>
                <td class="number">{read.offset ?? '–'}</td>
                <td class="number">{formatBytes(read.size)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
