import { isRecord, readProperty, type Json } from './records.ts'

/** The event itself: openai 4 hands those with a name that it doesn't know over as `{ event, data }`. */
export function readEvent(chunk: Json): Json {
  return typeof chunk['event'] === 'string' && isRecord(chunk['data']) ? chunk['data'] : chunk
}

/** Of an event of Responses, from 0; `undefined` for whatever has none. */
export function readSequenceNumber(chunk: unknown): number | undefined {
  const number = isRecord(chunk) ? readProperty(readEvent(chunk), 'sequence_number') : undefined
  return typeof number === 'number' ? number : undefined
}
