import { describeFault } from '@streamgauge/core'
import type { StreamResult } from '../demo/result.ts'
import { escapeForTerminal } from './escape.ts'
import { formatParagraph } from './paragraph.ts'
import { drawRawChunk } from './raw-chunk.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

/** A broken stream: what was seen, the chunk with its mark, why, and what to do. */
export function formatBrokenStream(stream: StreamResult, width: number): string {
  const { injected, rawChunk, errorType, anomalies, cause, causeConfidence, causeEvidence, remedy } = stream
  const meaning = describeFault(errorType ?? '')?.meaning
  return [
    `${paint('bold', injected)}  ${paint('red', escapeForTerminal(errorType ?? ''))}`,
    ...(meaning === undefined ? [] : wrapText(meaning, width - 2).map((line) => `  ${line}`)),
    ...(anomalies.length === 0 ? [] : formatParagraph('also', anomalies.join(', '), width, LABEL_WIDTH)),
    ...(rawChunk === null ? [] : formatChunk(rawChunk, width)),
    ...formatParagraph(
      'why',
      `${cause ?? 'unknown'} (${causeConfidence ?? '?'}): ${causeEvidence ?? ''}`,
      width,
      LABEL_WIDTH,
    ),
    ...formatParagraph('do', remedy ?? '', width, LABEL_WIDTH),
  ].join('\n')
}

function formatChunk(chunk: NonNullable<StreamResult['rawChunk']>, width: number): readonly string[] {
  const place = `chunk ${chunk.index ?? '?'}, byte ${chunk.offset ?? '?'}, ${chunk.size ?? '?'} bytes`
  const margin = `  ${paint('dim', '│')} `
  const { lines, mark } = drawRawChunk(chunk.raw ?? '', chunk.break ?? undefined, width - MARGIN_WIDTH)
  return [
    `  ${paint('dim', chunk.encoding === 'base64' ? `${place}, not UTF-8: base64` : place)}`,
    ...lines.map((line) => margin + line),
    ...(mark === undefined ? [] : [margin + paint('red', mark)]),
  ]
}

/** Columns before the chunk. */
const MARGIN_WIDTH = 4

/** Columns of the labels. */
const LABEL_WIDTH = 5
