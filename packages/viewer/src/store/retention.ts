import type { DatabaseSync } from 'node:sqlite'

/** Which rows are counted together, and how many of them and of their bytes may stay. */
export interface RetentionRule {
  readonly table: 'spans' | 'logs' | 'metric_points' | 'metric_series'
  /** The rows that this rule is about, as SQL, with an index of their ids and bytes; all rows without it. */
  readonly only?: { readonly where: string; readonly index: string }
  /** Column by which the oldest row comes first. */
  readonly oldestBy: 'id' | 'time_nanos'
  readonly maxRows: number
  readonly maxBytes: number
}

/** Keeps one rule. The counters spare a count of the whole table at each request. */
export interface Retention {
  /** A row of so many bytes came in. */
  added(bytes: number): void
  /** Deletes the oldest rows until the rest fits, and says how many went. */
  trim(): number
  /** Counts anew, for when rows went in another way: a transaction rolled back, or a series took its points along. */
  recount(): void
}

export function createRetention(database: DatabaseSync, rule: RetentionRule): Retention {
  const { table, only, oldestBy } = rule
  const source = only === undefined ? table : `${table} INDEXED BY ${only.index} WHERE ${only.where}`
  const size = database.prepare(`SELECT count(*) AS "rows", coalesce(sum(bytes), 0) AS bytes FROM ${source}`)
  const oldest = database.prepare(
    `SELECT id, bytes FROM ${source} ORDER BY ${oldestBy === 'id' ? 'id' : `${oldestBy}, id`}`,
  )
  const remove = database.prepare(`DELETE FROM ${table} WHERE id = ?`)
  let rows = 0
  let bytes = 0

  function recount(): void {
    const found = size.get()
    rows = Number(found?.['rows'])
    bytes = Number(found?.['bytes'])
  }

  function fits(): boolean {
    return rows <= rule.maxRows && bytes <= rule.maxBytes
  }

  function trim(): number {
    if (fits()) return 0
    const doomed: number[] = []
    for (const row of oldest.iterate()) {
      if (fits()) break
      doomed.push(Number(row['id']))
      rows -= 1
      bytes -= Number(row['bytes'])
    }
    for (const id of doomed) remove.run(id)
    return doomed.length
  }

  recount()
  return {
    added(newBytes) {
      rows += 1
      bytes += newBytes
    },
    trim,
    recount,
  }
}

/** UTF-8 bytes of the texts: what a row counts. */
export function textBytes(...texts: readonly (string | null)[]): number {
  return texts.reduce((sum, text) => sum + (text === null ? 0 : Buffer.byteLength(text)), 0)
}
