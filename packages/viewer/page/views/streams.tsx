import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { useStreams } from '../data/use-streams.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Failure } from '../parts/failure.tsx'
import { FilterBar, FILTERS } from '../parts/filter-bar.tsx'
import { StreamList } from '../parts/stream-list.tsx'
import { address, navigate } from '../router.ts'
import { plural } from '../text/units.ts'

/** All streams, newest first, with what they are searched and filtered by. */
export function Streams({ query, version }: { readonly query: URLSearchParams; readonly version: number }) {
  const text = query.toString()
  const filters = useMemo(() => readFilters(new URLSearchParams(text)), [text])
  const { list, loadMore, reload } = useStreams(filters)
  const [isAtTop, setAtTop] = useState(true)
  const seen = useRef(version)
  const hasNews = seen.current !== version
  const showNews = useCallback(() => {
    seen.current = version
    reload()
  }, [version, reload])
  // Whoever has scrolled down is reading: the rows stay where they are.
  useEffect(() => {
    if (isAtTop && seen.current !== version) showNews()
  }, [isAtTop, version, showNews])
  if (list.isLoaded && list.message === null && list.matching === 0 && text === '') return <EmptyState />
  return (
    <div class="streams">
      <h1 class="unseen">Streams</h1>
      <FilterBar
        filters={filters}
        version={version}
        onChange={(next, isTyping) => navigate(address('/streams', next), { replace: isTyping })}
      />
      <p class="count" role="status">
        {list.isLoaded ? plural(list.matching, 'stream') : 'Loading…'}
        {hasNews && !isAtTop ? (
          <button type="button" class="quiet" onClick={showNews}>
            Something new arrived: show it
          </button>
        ) : null}
      </p>
      {list.message === null ? null : <Failure message={list.message} />}
      {list.isLoaded && list.matching === 0 && list.message === null ? (
        <p class="nothing">No stream meets these filters.</p>
      ) : (
        <StreamList rows={list.rows} onEnd={loadMore} onScroll={setAtTop} />
      )}
    </div>
  )
}

/** The part of the time that an overview's link leads to. */
const TIMES = ['since', 'until']

function readFilters(query: URLSearchParams): Readonly<Record<string, string>> {
  const filters: Record<string, string> = {}
  for (const name of [...FILTERS, ...TIMES, 'text']) {
    const value = query.get(name)
    if (value !== null && value !== '') filters[name] = value
  }
  return filters
}
