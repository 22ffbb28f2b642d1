/**
 * What an event brings: `opening` (roles, `response.created`), `delta` (output), `finish` (finish reasons, the `.done`
 * events of Responses), `usage`, or the `terminator` of the answer.
 */
export type StreamEventKind = 'opening' | 'delta' | 'finish' | 'usage' | 'terminator'

/** One event of a healthy answer, before it is written as bytes. */
export interface StreamEvent {
  readonly kind: StreamEventKind
  /** The text of the `event:` line; Responses has one, chat has none. */
  readonly name?: string
  /** The text of the `data:` line: JSON without line breaks, or `[DONE]`. */
  readonly data: string
}

/** How an event is spelled. Every combination is legal. */
export interface EventStyle {
  readonly lineEnd: '\n' | '\r\n' | '\r'
  /** What stands between the colon and the value. */
  readonly space: ' ' | ''
}

const PLAIN: EventStyle = { lineEnd: '\n', space: ' ' }

/** Writes the lines of an event, the last one ended, but without the blank line that dispatches it. */
export const formatLines = (
  event: Pick<StreamEvent, 'name' | 'data'>,
  { lineEnd, space }: EventStyle = PLAIN,
): string =>
  `${event.name === undefined ? '' : `event:${space}${event.name}${lineEnd}`}data:${space}${event.data}${lineEnd}`

/** Writes an event with the blank line that dispatches it. */
export const formatEvent = (event: Pick<StreamEvent, 'name' | 'data'>, style: EventStyle = PLAIN): string =>
  formatLines(event, style) + style.lineEnd
