import type { Row } from '../store/store.ts'

import { textColumn, textOr } from '../queries/columns.ts'

/** What many streams have in common: a few hundred of these stand for 200,000 streams. */
export interface StreamGroup {
  readonly number: number
  readonly service: string
  readonly outcome: string
  readonly model: string | null
  readonly host: string | null
  readonly errorType: string | null
  readonly cause: string | null
  /** All of them in lower case, for the search. */
  readonly words: string
}

/** The groups of the streams that are in the index, numbered; a number is used again once its last stream is gone. */
export interface StreamGroups {
  /** By number; `undefined` where none has that number. */
  readonly byNumber: readonly (StreamGroup | undefined)[]
  /** Counts a row of the table to its group, and returns the group's number. */
  add(row: Row): number
  /** One stream of the group is gone. */
  remove(number: number): void
}

export function createGroups(): StreamGroups {
  const byKey = new Map<string, number>()
  const byNumber: (StreamGroup | undefined)[] = []
  const keys: string[] = []
  const streams: number[] = []
  const free: number[] = []

  return {
    byNumber,
    add(row) {
      const { service, outcome, model, host, error_type: errorType, cause } = row
      const key = JSON.stringify([service, outcome, model, host, errorType, cause])
      const known = byKey.get(key)
      if (known !== undefined) {
        streams[known] = (streams[known] ?? 0) + 1
        return known
      }
      const number = free.pop() ?? byNumber.length
      byKey.set(key, number)
      byNumber[number] = toGroup(number, row)
      keys[number] = key
      streams[number] = 1
      return number
    },
    remove(number) {
      const left = (streams[number] ?? 0) - 1
      streams[number] = left
      if (left > 0) return
      byKey.delete(keys[number] ?? '')
      byNumber[number] = undefined
      keys[number] = ''
      free.push(number)
    },
  }
}

function toGroup(number: number, row: Row): StreamGroup {
  const names = {
    service: textColumn(row, 'service'),
    outcome: textColumn(row, 'outcome'),
    model: textOr(row['model'], null),
    host: textOr(row['host'], null),
    errorType: textOr(row['error_type'], null),
    cause: textOr(row['cause'], null),
  }
  // Between two names stands what no term of a search has: a space.
  return { number, ...names, words: Object.values(names).join(' ').toLowerCase() }
}
