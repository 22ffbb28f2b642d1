import type { Store } from '../store/store.ts'
import type { StreamColumns } from './stream-columns.ts'

import { createColumns } from './stream-columns.ts'

/** Columns of the streams in a store, and what brings them up to date. */
interface StreamIndex {
  readonly columns: StreamColumns
  refresh(): void
}

/** Rows that are read at once: of all 200,000 the copies alone would take 100 MB. */
const ROWS_AT_ONCE = 5000

// Streams come in the order of their ids, and retention takes the oldest away: what the table holds is one range of ids. Only
// when the table has been empty may an id come again.
const STATE = 'SELECT times AS emptied, (SELECT min(id) FROM streams) AS first_id FROM streams_emptied'

const NEW_ROWS = `
SELECT id, start_nanos / 1000000 AS start_ms, start_nanos % 1000000 AS start_rest_nanos, service, outcome, model, host,
  error_type, cause, first_chunk_ms, max_gap_ms, words
FROM streams WHERE id > :lastId ORDER BY id LIMIT ${ROWS_AT_ONCE}`

const indices = new WeakMap<Store, StreamIndex>()

/**
 * What streams are filtered and counted by, in memory: walking through 200,000 of them takes a few milliseconds, whatever is
 * asked. It has what the table `streams` has at the time of the call, whoever wrote it. The first call reads all of it.
 */
export function streamColumnsOf(store: Store): StreamColumns {
  const index = indices.get(store) ?? createStreamIndex(store)
  indices.set(store, index)
  index.refresh()
  return index.columns
}

function createStreamIndex(store: Store): StreamIndex {
  const columns = createColumns()
  let timesEmptied: unknown

  function append(): number {
    const rows = store.select(NEW_ROWS, { lastId: columns.lastId })
    for (const row of rows) columns.append(row)
    return rows.length
  }

  function refresh(): void {
    const [{ emptied, first_id: firstId } = {}] = store.select(STATE)
    if (emptied !== timesEmptied) columns.clear()
    timesEmptied = emptied
    columns.dropBefore(typeof firstId === 'number' ? firstId : Number.POSITIVE_INFINITY)
    let appended = ROWS_AT_ONCE
    while (appended === ROWS_AT_ONCE) appended = append()
  }

  // At once, so that the first to ask after a quiet night doesn't wait for what came in it.
  store.subscribe((event) => {
    if (event.type === 'closed') columns.clear()
    else if (event.streams > 0) refreshQuietly(refresh)
  })
  return { columns, refresh }
}

function refreshQuietly(refresh: () => void): void {
  try {
    refresh()
  } catch {
    // Whoever asks next is told; what was received is stored all the same.
  }
}
