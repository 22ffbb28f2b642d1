import type { DatabaseSync } from 'node:sqlite'

/** Which rows are counted together, and how many of them and of their bytes may stay. */
export interface RetentionRule {
  readonly table: 'spans' | 'logs' | 'metric_points' | 'metric_series'
  /** The rows that this rule is about, as SQL, with an index of their ids and bytes; all rows without it. */
  readonly only?: { readonly where: string; readonly index: string }
  /** Column by which the oldest row comes first: as they arrived, or by their own time. */
  readonly oldestBy: 'id' | 'time_nanos'
  /** When a row's age began, as SQL: milliseconds since 1970. */
  readonly sinceMs: string
  readonly maxRows: number
  readonly maxBytes: number
  /** Infinity where rows may have any age. */
  readonly maxAgeMs: number
}

/** Keeps one rule. The counters spare a count of the whole table at each request. */
export interface Retention {
  /** A row of so many bytes came in. */
  added(bytes: number): void
  /** Deletes the oldest rows until the rest fits and is young enough, and says how many went. */
  trim(nowMs: number): number
  /** Counts anew, for when rows went in another way: a transaction rolled back, or a series took its points along. */
  recount(): void
}

export function createRetention(database: DatabaseSync, rule: RetentionRule): Retention {
  const { table, only, oldestBy } = rule
  const source = only === undefined ? table : `${table} INDEXED BY ${only.index} WHERE ${only.where}`
  const size = database.prepare(`SELECT count(*) AS "rows", coalesce(sum(bytes), 0) AS bytes FROM ${source}`)
  const hasAge = Number.isFinite(rule.maxAgeMs)
  const oldest = database.prepare(
    `SELECT id, bytes, ${hasAge ? rule.sinceMs : 'NULL'} AS since_ms FROM ${source} ORDER BY ${oldestBy === 'id' ? 'id' : `${oldestBy}, id`}`,
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

  function trim(nowMs: number): number {
    if (fits() && !hasAge) return 0
    const doomed: number[] = []
    for (const row of oldest.iterate()) {
      const isYoung = !hasAge || Number(row['since_ms']) > nowMs - rule.maxAgeMs
      if (fits() && isYoung) break
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
