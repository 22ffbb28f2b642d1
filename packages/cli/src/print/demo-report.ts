import { describeFault } from '@streamgauge/core'
import type { ParseErrorRate } from '@streamgauge/viewer'
import type { DemoResult, StreamResult } from '../demo/result.ts'
import { escapeForTerminal } from './escape.ts'
import { drawRawChunk } from './raw-chunk.ts'
import { paint } from './style.ts'
import { formatTable, type Column } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: ' ' },
  { title: 'injected' },
  { title: 'outcome' },
  { title: 'error.type' },
  { title: 'cause' },
  { title: 'chunks', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'first chunk', align: 'right' },
  { title: 'longest gap', align: 'right' },
]

/** Everything that the demo has to say, in the order in which one reads it: broken streams, the rate, the verdict. */
export function formatDemo(result: DemoResult, width: number): string {
  const broken = result.streams.filter(({ outcome }) => outcome === 'broken')
  return [
    formatStreams(result.streams),
    ...broken.map((stream) => formatBroken(stream, width)),
    formatRate(result.parseErrorRate),
    formatSummary(result.summary),
  ].join('\n\n')
}

function formatStreams(streams: readonly StreamResult[]): string {
  const rows = streams.map((stream) =>
    [
      stream.asExpected ? '✓' : '✗',
      stream.injected,
      stream.outcome ?? 'no span',
      stream.errorType ?? (stream.anomalies.length === 0 ? '' : `(${stream.anomalies.join(', ')})`),
      stream.cause === null ? '' : `${stream.cause} (${stream.causeConfidence ?? '?'})`,
      `${stream.chunks ?? ''}`,
      `${stream.bytes ?? ''}`,
      formatMs(stream.timeToFirstChunkMs),
      formatMs(stream.longestGapMs),
    ].map(escapeForTerminal),
  )
  return formatTable(COLUMNS, rows, (cell, row, column) => {
    const stream = streams[row]
    if (column === 0) return paint(stream?.asExpected === true ? 'green' : 'red', cell)
    if (column === 2 || column === 3)
      return paint(
        stream?.outcome === 'broken' ? 'red' : stream?.errorType === null && column === 3 ? 'yellow' : 'green',
        cell,
      )
    return cell
  })
}

/** A broken stream: what was seen, the chunk with its mark, why, and what to do. */
function formatBroken(stream: StreamResult, width: number): string {
  const { rawChunk, errorType } = stream
  const lines = [`${paint('bold', stream.injected)}  ${paint('red', errorType ?? '')}`]
  const meaning = describeFault(errorType ?? '')?.meaning
  if (meaning !== undefined) lines.push(`  ${meaning}`)
  if (rawChunk !== null) {
    const place = `chunk ${rawChunk.index ?? '?'}, byte ${rawChunk.offset ?? '?'}, ${rawChunk.size ?? '?'} bytes`
    lines.push(`  ${paint('dim', rawChunk.encoding === 'base64' ? `${place}, not UTF-8: base64` : place)}`)
    const drawn = drawRawChunk(rawChunk.raw ?? '', rawChunk.break ?? undefined, width - 4)
    const [text = '', mark] = drawn
    lines.push(`  ${paint('dim', '│')} ${text}`)
    if (mark !== undefined) lines.push(`  ${paint('dim', '│')} ${paint('red', mark)}`)
  }
  lines.push(
    `  ${paint('dim', 'why')}  ${stream.cause ?? 'unknown'} (${stream.causeConfidence ?? '?'}): ${stream.causeEvidence ?? ''}`,
  )
  lines.push(`  ${paint('dim', 'do')}   ${stream.remedy ?? ''}`)
  return lines.join('\n')
}

function formatRate(rate: ParseErrorRate): string {
  const types = Object.entries(rate.parseErrorsByType).filter(([, count]) => count > 0)
  const list = types.map(([type, count]) => `${type} ${count}`).join(', ')
  const title = paint('bold', `Parse-error rate ${formatPercent(rate.perStream)} of streams`)
  const figures = `${rate.parseErrors} chunks of ${rate.chunks + rate.parseErrors} could not be parsed, in ${rate.ended} streams`
  return `${title}  (${figures}${list === '' ? '' : `: ${list}`})`
}

function formatSummary({ streams, faults, healthy, asExpected, differences }: DemoResult['summary']): string {
  const counts = `${faults} faults and ${healthy} healthy streams: ${asExpected} of ${streams} told as what they were`
  if (differences.length === 0) return paint('green', `✓ ${counts}`)
  return [paint('red', `✗ ${counts}`), ...differences.map((difference) => `  ${escapeForTerminal(difference)}`)].join(
    '\n',
  )
}

function formatMs(ms: number | null): string {
  if (ms === null) return ''
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}

function formatPercent(share: number | null): string {
  return share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`
}
