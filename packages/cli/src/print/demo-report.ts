import type { ParseErrorRate } from '@streamgauge/viewer'
import type { DemoResult } from '../demo/result.ts'
import { formatBrokenStream } from './broken-stream.ts'
import { escapeForTerminal } from './escape.ts'
import { plural } from './plural.ts'
import { formatStreams } from './streams-table.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

/** Everything that the demo has to say, in the order in which one reads it: all streams, the broken ones, the verdict. */
export function formatDemo(result: DemoResult, width: number): string {
  const broken = result.streams.filter(({ outcome }) => outcome === 'broken')
  return [
    formatStreams(result.streams, width),
    ...broken.map((stream) => formatBrokenStream(stream, width)),
    formatRate(result.parseErrorRate, width),
    formatSummary(result.summary),
  ].join('\n\n')
}

function formatRate(rate: ParseErrorRate, width: number): string {
  const types = Object.entries(rate.parseErrorsByType).filter(([, count]) => count > 0)
  const list = types.map(([type, count]) => `${type} ${count}`).join(', ')
  const figures = `${plural(rate.parseErrors, 'chunk')} of ${rate.chunks + rate.parseErrors} could not be parsed, in ${plural(rate.ended, 'stream')}`
  const text = escapeForTerminal(list === '' ? `${figures}.` : `${figures}: ${list}.`)
  return [
    paint('bold', `Parse-error rate ${formatPercent(rate.perStream)} of streams`),
    ...wrapText(text, width - 2).map((line) => `  ${line}`),
  ].join('\n')
}

function formatSummary({ streams, faults, healthy, asExpected, differences }: DemoResult['summary']): string {
  const tour = `${plural(faults, 'fault')} and ${plural(healthy, 'healthy stream')}`
  const counts = `${tour}: ${asExpected} of ${streams} told as what they were`
  if (differences.length === 0) return paint('green', `✓ ${counts}`)
  return [paint('red', `✗ ${counts}`), ...differences.map((difference) => `  ${escapeForTerminal(difference)}`)].join(
    '\n',
  )
}

function formatPercent(share: number | null): string {
  return share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`
}
