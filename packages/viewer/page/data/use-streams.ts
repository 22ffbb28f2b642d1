import type { StreamsAnswer, StreamSummary } from '../../src/api/answers.ts'

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import { address } from '../router.ts'
import { describeFailure, fetchJson } from './fetch-json.ts'

/** Rows that are asked for at once. */
const PAGE_SIZE = 200

/** Rows that the page keeps; whoever looks for older ones has to filter. */
const MAX_ROWS = 20_000

/** The part of the list that is there. */
export interface StreamList {
  readonly rows: readonly StreamSummary[]
  readonly next: string | null
  readonly matching: number
  readonly message: string | null
  readonly isLoaded: boolean
}

const EMPTY: StreamList = { rows: [], next: null, matching: 0, message: null, isLoaded: false }

/** The streams that meet the filters, page by page. */
export function useStreams(filters: Readonly<Record<string, string>>): {
  readonly list: StreamList
  readonly loadMore: () => void
  readonly reload: () => void
} {
  const path = address('/api/streams', { ...filters, limit: String(PAGE_SIZE) })
  const [list, setList] = useState<StreamList>(EMPTY)
  const [version, setVersion] = useState(0)
  const isLoadingMore = useRef(false)
  useEffect(() => {
    const stopped = new AbortController()
    fetchJson<StreamsAnswer>(path, stopped.signal).then(
      ({ streams, next, matching }) => setList({ rows: streams, next, matching, message: null, isLoaded: true }),
      (error: unknown) => {
        if (!stopped.signal.aborted) setList({ ...EMPTY, message: describeFailure(error), isLoaded: true })
      },
    )
    return () => stopped.abort()
  }, [path, version])
  const loadMore = useCallback(() => {
    if (isLoadingMore.current || list.next === null || list.rows.length >= MAX_ROWS) return
    isLoadingMore.current = true
    fetchJson<StreamsAnswer>(`${path}&cursor=${encodeURIComponent(list.next)}`)
      .then(({ streams, next, matching }) =>
        // In the meantime the list may have become another one.
        setList((now) => (now === list ? { ...now, rows: [...now.rows, ...streams], next, matching } : now)),
      )
      .catch(() => {})
      .finally(() => {
        isLoadingMore.current = false
      })
  }, [path, list])
  const reload = useCallback(() => setVersion((one) => one + 1), [])
  return { list, loadMore, reload }
}
