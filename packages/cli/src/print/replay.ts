import type { ReplayDocument } from '../replay/replay-file.ts'
import { plural } from './plural.ts'
import { paint } from './style.ts'
import { formatVerdict } from './verdict.ts'
import { wrapText } from './wrap.ts'

const NO_TIMES = 'A capture has no times: what stalled, was held back or met a timer shows only live.'

/** The verdicts on all streams of a file. */
export function formatReplay({ streams }: ReplayDocument, width: number): string {
  const count = streams.length < 2 ? [] : [paint('bold', plural(streams.length, 'event stream'))]
  const isQuoted = streams.every(({ judgedFrom }) => judgedFrom === 'span')
  const note = wrapText(NO_TIMES, width).map((line) => paint('dim', line))
  return [
    ...count,
    ...streams.map((verdict) => formatVerdict(verdict, width)),
    ...(isQuoted ? [] : [note.join('\n')]),
  ].join('\n\n')
}
