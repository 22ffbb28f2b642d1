import type { StreamSummary } from '../../src/api/answers.ts'

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import { formatBytes, formatCount, formatMs, formatTime } from '../text/units.ts'
import { Outcome, outcomeClass } from './outcome.tsx'
import { Text, tip } from './text.tsx'

/** Rows beyond the edge that are drawn as well, so that a quick hand sees no gaps. */
const OVERSCAN = 12

/** Number of the first row of the body: that of the head is 1. */
const FIRST_ROW = 2

const TITLES = [
  'began',
  'model',
  'service',
  'host',
  'outcome',
  'fault',
  'likeliest cause',
  'first chunk',
  'longest gap',
  'chunks',
  'bytes',
]

/** The list of streams, of which only the rows in sight are drawn. */
export function StreamList(props: {
  readonly rows: readonly StreamSummary[]
  readonly onEnd: () => void
  readonly onScroll: (isAtTop: boolean) => void
}) {
  const { rows, onEnd, onScroll } = props
  const box = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight()
  const [view, setView] = useState({ top: 0, height: 800 })
  // The row that a key leads to may not be drawn yet: it takes the focus once it is.
  const goal = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (goal.current === null) return
    const link = box.current?.querySelector<HTMLElement>(`[aria-rowindex="${goal.current + FIRST_ROW}"] a`)
    if (link === null || link === undefined) return
    goal.current = null
    link.focus({ preventScroll: true })
  })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN)
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN)
  useEffect(() => {
    if (last >= rows.length - OVERSCAN) onEnd()
  }, [last, rows, onEnd])
  return (
    <div
      ref={box}
      class="list"
      role="table"
      aria-label="Streams"
      aria-rowcount={rows.length + 1}
      onKeyDown={(event) => {
        const to = rowAfter(event, Math.floor(view.height / rowHeight))
        if (to === null || rows.length === 0) return
        event.preventDefault()
        goal.current = Math.min(rows.length - 1, Math.max(0, to))
        setView({ top: scrollToRow(event.currentTarget, goal.current, rowHeight), height: view.height })
      }}
      onScroll={(event) => {
        const { scrollTop, clientHeight } = event.currentTarget
        setView({ top: scrollTop, height: clientHeight })
        onScroll(scrollTop < rowHeight)
      }}
    >
      <div role="rowgroup" class="list-head">
        <div role="row" class="list-row" aria-rowindex={1}>
          {TITLES.map((title, i) => (
            <span key={title} role="columnheader" class={i > 6 ? 'number' : ''}>
              {title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="list-body" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, i) => (
          <StreamRow key={row.traceId + row.spanId} row={row} index={first + i} y={(first + i) * rowHeight} />
        ))}
      </div>
    </div>
  )
}

function StreamRow({ row, index, y }: { readonly row: StreamSummary; readonly index: number; readonly y: number }) {
  const model = row.model ?? 'unknown model'
  const style = { transform: `translateY(${y}px)` }
  return (
    <div role="row" class={`list-row ${outcomeClass(row.outcome)}`} style={style} aria-rowindex={index + FIRST_ROW}>
      <span role="cell" class="when">
        {formatTime(row.startMs)}
      </span>
      <span role="cell" class="model" title={tip(model)}>
        <a href={`/streams/${row.traceId}/${row.spanId}`}>
          <Text value={model} max={100} />
        </a>
      </span>
      <span role="cell" class="service" title={tip(row.service)}>
        <Text value={row.service === '' ? '–' : row.service} max={80} />
      </span>
      <span role="cell" class="host" title={tip(row.host ?? '')}>
        <Text value={row.host ?? '–'} max={80} />
      </span>
      <span role="cell" class="how">
        <Outcome value={row.outcome} />
      </span>
      <span role="cell" class="fault" title={tip(row.errorType ?? row.anomalies.join(', '))}>
        {row.errorType === null ? <Anomalies names={row.anomalies} /> : <Text value={row.errorType} max={60} />}
      </span>
      <span role="cell" class="cause">
        <Text value={row.cause ?? ''} max={60} />
      </span>
      <span role="cell" class="number first">
        {formatMs(row.timeToFirstChunkMs)}
      </span>
      <span role="cell" class="number gap">
        {formatMs(row.maxGapMs)}
      </span>
      <span role="cell" class="number chunks">
        {formatCount(row.events)}
      </span>
      <span role="cell" class="number bytes">
        {formatBytes(row.bytes)}
      </span>
    </div>
  )
}

function Anomalies({ names }: { readonly names: readonly string[] }) {
  return names.length === 0 ? null : (
    <span class="anomaly">
      <Text value={names.join(', ')} max={80} />
    </span>
  )
}

/** Heights of a row, as in the style sheet: on a phone it has two lines. */
const ROW_HEIGHT = { wide: 30, narrow: 58 }

const NARROW = '(max-width: 760px)'

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches)
  useEffect(() => {
    const query = matchMedia(NARROW)
    const update = (): void => setNarrow(query.matches)
    query.addEventListener('change', update)
    return () => query.removeEventListener('change', update)
  }, [])
  return isNarrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide
}

/** Keys that lead to another row. */
const MOVES: Readonly<Record<string, (at: number, page: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  j: (at) => at + 1,
  k: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: () => Number.POSITIVE_INFINITY,
}

/** The row that a key leads to, from the one that has the focus; `null` for another key. */
function rowAfter({ key, target, ctrlKey, altKey, metaKey }: KeyboardEvent, page: number): number | null {
  const move = Object.hasOwn(MOVES, key) ? MOVES[key] : undefined
  if (move === undefined || ctrlKey || altKey || metaKey) return null
  const row = target instanceof Element ? target.closest('[aria-rowindex]') : null
  return row === null ? 0 : move(Number(row.getAttribute('aria-rowindex')) - FIRST_ROW, page)
}

/** Scrolls as little as brings the row into sight below the head, and says how far down that is. */
function scrollToRow(box: HTMLElement, row: number, rowHeight: number): number {
  const head = box.querySelector<HTMLElement>('.list-head')?.offsetHeight ?? 0
  const [first, last] = [(row + 1) * rowHeight + head - box.clientHeight, row * rowHeight]
  box.scrollTop = Math.min(last, Math.max(first, box.scrollTop))
  return box.scrollTop
}
