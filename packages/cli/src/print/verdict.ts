import type { Verdict } from '../replay/verdict.ts'
import { escapeForTerminal } from './escape.ts'
import { formatParagraph } from './paragraph.ts'
import { drawPlace } from './place.ts'
import { plural } from './plural.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

/** Columns of the labels. */
const LABEL_WIDTH = 6

/** Everything that is said of one stream: what happened, where, why, and what to do. */
export function formatVerdict(verdict: Verdict, width: number): string {
  const { meaning, place, masked, cause, remedy, anomalies, errorType } = verdict
  const row = (label: string, text: string): readonly string[] => formatParagraph(label, text, width, LABEL_WIDTH)
  return [
    formatHeadline(verdict),
    ...(meaning === null ? [] : wrapText(meaning, width - 2).map((line) => `  ${line}`)),
    ...(place === null
      ? []
      : [
          '',
          ...wrapText(placeInWords(verdict), width - 2).map((line) => `  ${paint('dim', line)}`),
          ...drawPlace(place, width),
          ...(masked ? [`  ${paint('dim', 'masked; --full shows what the model said')}`] : []),
        ]),
    ...(meaning === null ? [] : ['']),
    ...(cause === null
      ? []
      : row('why', `${cause} (${verdict.causeConfidence ?? '?'}): ${verdict.causeEvidence ?? ''}`)),
    ...(remedy === null ? [] : row('do', remedy)),
    ...anomalies.flatMap(({ type, meaning: what, remedy: advice }) => row('also', `${type}: ${what} ${advice}`)),
    ...row('seen', factsOf(verdict)),
    // A span may say anything: what is no code is no command to copy.
    ...(errorType === null || meaning === null ? [] : row('more', `streamgauge explain ${errorType}`)),
  ].join('\n')
}

function formatHeadline({ outcome, errorType, detail, title }: Verdict): string {
  const isBroken = outcome === 'broken'
  const colour = isBroken ? 'red' : 'green'
  const code = errorType === null ? '' : `  ${paint(colour, escapeForTerminal(errorType))}`
  const more = [detail, title]
    .filter((text) => text !== null && text !== '')
    .map((text) => escapeForTerminal(text ?? ''))
  const tag = more.length === 0 ? '' : `  ${paint('dim', more.join('  '))}`
  return `${paint(['bold', colour], `${isBroken ? '✗' : '✓'} ${escapeForTerminal(outcome)}`)}${code}${tag}`
}

function placeInWords({ place }: Verdict): string {
  if (place === null) return ''
  const { line, index, offset, size, encoding, truncated } = place
  const parts = [
    ...(line === null ? [] : [`line ${line}`]),
    ...(index === null ? [] : [`chunk ${index}`]),
    ...(offset === null ? [] : [`byte ${offset}`]),
    ...(size === null ? [] : [plural(size, 'byte')]),
    ...(encoding === 'base64' ? ['not UTF-8'] : []),
    ...(truncated ? ['shown in part'] : []),
  ]
  return parts.join(', ')
}

/** `error` stands in the place of a reason that did not come. */
function finishReasonsInWords(reasons: readonly string[]): string {
  if (reasons.every((reason) => reason === 'error')) return 'no finish reason'
  return `finish reason ${reasons.join(', ')}`
}

function factsOf(verdict: Verdict): string {
  const { events, bytes, finishReasons, model, response, endEvidence, judgedFrom } = verdict
  const facts = [
    ...(response === null
      ? []
      : [[`${response.status}`, response.contentType, response.contentEncoding].filter(Boolean).join(' ')]),
    ...(events === null || bytes === 0 ? [] : [plural(events, 'event')]),
    ...(bytes === null || bytes === 0 ? [] : [plural(bytes, 'byte')]),
    ...(model === null ? [] : [`model ${model}`]),
    ...(finishReasons.length === 0 || bytes === 0 ? [] : [finishReasonsInWords(finishReasons)]),
    ...(endEvidence === null ? [] : [endEvidence]),
    ...(judgedFrom === 'span' ? ['judged by the span, not by the chunk'] : []),
  ]
  return facts.join('; ')
}
