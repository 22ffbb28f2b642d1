import type { StreamResult } from '../demo/result.ts'
import { escapeForTerminal } from './escape.ts'
import { paint } from './style.ts'
import { formatTable, type Column } from './table.ts'

/** A column, and what stands in it. */
interface Field extends Column {
  readonly read: (stream: StreamResult) => string
  readonly colour?: (stream: StreamResult) => 'red' | 'green' | 'yellow'
}

const NAME: readonly Field[] = [
  {
    title: ' ',
    read: ({ asExpected }) => (asExpected ? '✓' : '✗'),
    colour: ({ asExpected }) => (asExpected ? 'green' : 'red'),
  },
  { title: 'injected', read: ({ injected }) => injected },
]

const FAULT: readonly Field[] = [
  { title: 'error.type', read: ({ errorType }) => errorType ?? '', colour: () => 'red' },
  { title: 'cause', read: ({ cause }) => cause ?? '' },
  { title: 'confidence', spare: 4, read: ({ causeConfidence }) => causeConfidence ?? '' },
]

const ANOMALIES: readonly Field[] = [
  { title: 'anomalies', read: ({ anomalies }) => anomalies.join(', '), colour: () => 'yellow' },
]

const MEASURES: readonly Field[] = [
  { title: 'chunks', align: 'right', spare: 1, read: ({ chunks }) => `${chunks ?? ''}` },
  { title: 'bytes', align: 'right', spare: 5, read: ({ bytes }) => `${bytes ?? ''}` },
  { title: 'first chunk', align: 'right', spare: 3, read: ({ timeToFirstChunkMs }) => formatMs(timeToFirstChunkMs) },
  { title: 'longest gap', align: 'right', spare: 2, read: ({ longestGapMs }) => formatMs(longestGapMs) },
]

/** All streams, one a row: the broken ones, those that nothing arrived of, and the rest, by how they ended. */
export function formatStreams(streams: readonly StreamResult[], width: number): string {
  const outcomes = new Set(['broken', null, ...streams.map(({ outcome }) => outcome)])
  return [...outcomes]
    .map((outcome) => streams.filter((stream) => stream.outcome === outcome))
    .filter((group) => group.length > 0)
    .map((group) => formatGroup(group, width))
    .join('\n\n')
}

function formatGroup(streams: readonly StreamResult[], width: number): string {
  const outcome = streams[0]?.outcome ?? null
  const fields = [...NAME, ...(outcome === 'broken' ? FAULT : ANOMALIES), ...MEASURES]
  const rows = streams.map((stream) => fields.map(({ read }) => escapeForTerminal(read(stream))))
  const title = `${streams.length} ${outcome === null ? 'without a span' : escapeForTerminal(outcome)}`
  const table = formatTable(fields, rows, {
    width,
    paintCell: (text, row, column) => {
      const stream = streams[row]
      const colour = stream === undefined ? undefined : fields[column]?.colour?.(stream)
      return colour === undefined ? text : paint(colour, text)
    },
  })
  return `${paint(['bold', outcome === 'completed' ? 'green' : 'red'], title)}\n${table}`
}

function formatMs(ms: number | null): string {
  if (ms === null) return ''
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}
