import { formatEvent, type EventStyle, type StreamEvent } from './answer/stream-event.ts'
import type { Exchange } from './exchange.ts'

/** Sends events one by one, each as one write. */
export const sendEvents = async (
  exchange: Exchange,
  events: readonly StreamEvent[],
  style?: EventStyle,
): Promise<void> => {
  for (const event of events) {
    await exchange.pace()
    await exchange.write(formatEvent(event, style))
  }
}

/** Sends the whole healthy answer, as a stream where one was asked for. */
export const sendAnswer = async (exchange: Exchange, style?: EventStyle): Promise<void> => {
  if (!exchange.request.stream) {
    const { contentType, body } = exchange.whole
    await sendPage(exchange, 200, { 'content-type': contentType }, body)
    return
  }
  await exchange.headers()
  await sendEvents(exchange, exchange.events, style)
  await exchange.end()
}

/** What is left of an answer after some deltas: the next one, and all that follow it. */
export interface Remainder {
  readonly next: StreamEvent
  readonly rest: readonly StreamEvent[]
}

/** Sends the head and the answer up to its second delta, so that the app has seen output before a fault comes. */
export const sendTwoDeltas = async (exchange: Exchange): Promise<Remainder> => {
  const { events } = exchange
  const firstDelta = events.findIndex(({ kind }) => kind === 'delta')
  const next = events[firstDelta + 2]
  if (next === undefined) throw new Error('An answer has at least three deltas.')
  await exchange.headers()
  await sendEvents(exchange, events.slice(0, firstDelta + 2))
  return { next, rest: events.slice(firstDelta + 3) }
}

/** Sends a text as one event and then the rest of the answer, whatever the client makes of it. */
export const sendInsteadOfThird = async (
  exchange: Exchange,
  write: (remainder: Remainder) => string | Uint8Array,
): Promise<void> => {
  const remainder = await sendTwoDeltas(exchange)
  await exchange.pace()
  await exchange.write(write(remainder))
  await sendEvents(exchange, remainder.rest)
  await exchange.end()
}

/** Answers in place of the stream. */
export const sendPage = async (
  exchange: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Promise<void> => {
  await exchange.headers(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
  await exchange.write(body)
  await exchange.end()
}

/** Splits an event inside the text that its delta brings, after the first character. */
export const splitInText = (event: Pick<StreamEvent, 'name' | 'data'>): readonly [before: string, after: string] => {
  const text = formatEvent(event)
  const match = /"(?:content|delta|text|value|b64_json|audio)":"./.exec(text)
  if (match === null) throw new Error('The delta has no text.')
  const place = match.index + match[0].length
  return [text.slice(0, place), text.slice(place)]
}

/** The first half of a text: never all of it. */
export const firstHalf = (text: string): string => text.slice(0, Math.floor(text.length / 2))
