import type { StreamAnswer } from '../../src/api/answers.ts'

import { ATTR, GEN_AI } from '@streamgauge/core/semconv'

import { capText, escapeText } from './escape.ts'
import { formatBytes, formatMs } from './units.ts'
import { valueText } from './value-text.ts'
import { describeProgress, toVerdict } from './verdict.ts'

/** Longest piece of a chunk in a ticket, in characters. */
const MAX_CHUNK_LENGTH = 1200

/** A stream as Markdown, ready to be pasted into a ticket of whoever runs the server. */
export function toTicket(answer: StreamAnswer): string {
  const { stream, causeMeaning } = answer
  const { title, sentence } = toVerdict(answer)
  const evidence = stream.attributes[ATTR.CAUSE_EVIDENCE]
  const why = [
    ...(stream.cause === null
      ? []
      : [`**Cause** (${plain(stream.causeConfidence ?? 'unknown')}): ${code(stream.cause)}`]),
    ...(causeMeaning === null ? [] : [causeMeaning]),
    ...(typeof evidence === 'string' ? [`Evidence: ${plain(evidence)}.`] : []),
  ]
  return [
    `## ${plain(title)}: ${plain(stream.model ?? 'unknown model')} at ${plain(stream.host ?? 'unknown host')}`,
    plain(`${sentence} ${describeProgress(stream)}`.trim()),
    why.join(' '),
    ...(stream.remedy === null ? [] : [`**To do**: ${plain(stream.remedy)}`]),
    factsOf(answer)
      .map(([name, value]) => `| ${name} | ${value} |`)
      .join('\n')
      .replace(/^/, '| | |\n| --- | --- |\n'),
    ...chunkOf(answer),
    '_Seen by Streamgauge in the bytes that this process received._',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function factsOf({ stream }: StreamAnswer): readonly (readonly [string, string])[] {
  const { attributes } = stream
  const shown = (name: string): string | null => {
    const value = valueText(attributes[name])
    return value === null ? null : code(value)
  }
  const began = new Date(stream.startMs)
  const facts: readonly (readonly [string, string | null])[] = [
    ['Began', Number.isNaN(began.getTime()) ? null : began.toISOString()],
    ['Lasted', formatMs(stream.durationMs)],
    ['First chunk after', stream.timeToFirstChunkMs === null ? null : formatMs(stream.timeToFirstChunkMs)],
    ['Longest wait', stream.maxGapMs === null ? null : formatMs(stream.maxGapMs)],
    ['Received', `${stream.reads ?? '?'} reads, ${stream.events ?? '?'} events, ${formatBytes(stream.bytes)}`],
    ['Response id', shown(GEN_AI.RESPONSE_ID)],
    ['HTTP status', shown(GEN_AI.HTTP_RESPONSE_STATUS_CODE)],
    ['Framing', shown(ATTR.HTTP_FRAMING)],
    ['Content type', shown(ATTR.HTTP_CONTENT_TYPE)],
    ['Hops', shown(ATTR.HTTP_PROXIES)],
    ['Via', shown(ATTR.HTTP_VIA)],
    ['Anomalies', stream.anomalies.length === 0 ? null : code(stream.anomalies.join(', '))],
    ['Trace', `${code(stream.traceId)} / ${code(stream.spanId)}`],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null)
}

function chunkOf({ stream: { chunk } }: StreamAnswer): readonly string[] {
  if (chunk === null || chunk.raw === null) return []
  const place = `Chunk ${chunk.index ?? '?'}, byte ${chunk.offset ?? '?'}, ${chunk.size ?? '?'} bytes`
  const at = chunk.break
  const marked = at === null ? chunk.raw : `${chunk.raw.slice(0, at)}▲${chunk.raw.slice(at)}`
  const text = escapeText(capText(marked, MAX_CHUNK_LENGTH)).replaceAll('⏎', '⏎\n').trimEnd()
  const notes = `${chunk.encoding === 'base64' ? ', base64' : ''}${at === null ? '' : '; it broke at ▲'}`
  return [`${place}${notes}:`, `${fenceFor(text)}text\n${text}\n${fenceFor(text)}`]
}

/** Longer than any run of the same sign in it, so that the text can't end it. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  return '`'.repeat(longest + 1)
}

/**
 * Words that become links by themselves on GitHub and elsewhere: addresses, mentions, numbers of issues. What finds them looks at
 * the text that Markdown has left, so that a backslash would not keep it away.
 *
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
const LINKED = /(?<!\S)\S*(?::\/\/|www\.|@|\b(?:mailto|xmpp):|#\d)\S*/gi

/** A text in which nothing is Markdown, HTML or a link. */
function plain(text: string): string {
  const shown = escapeText(capText(text, 300))
  const links = Array.from(shown.matchAll(LINKED), ([link]) => link)
  return shown
    .split(LINKED)
    .map((part, at) => part.replaceAll(/[\\`*_{}[\]<>()#+!|@&~]/g, String.raw`\$&`) + span(links[at] ?? ''))
    .join('')
}

/** A text as code, in a cell of a table. */
function code(text: string): string {
  return span(escapeText(capText(text, 300)).replaceAll('|', String.raw`\|`))
}

/** A text as code: its fence is longer than any run of the same sign in it. */
function span(shown: string): string {
  if (shown === '') return ''
  const fence = '`'.repeat(Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length)) + 1)
  return fence === '`' ? `\`${shown}\`` : `${fence} ${shown} ${fence}`
}
