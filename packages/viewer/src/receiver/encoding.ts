import type { DescMessage } from '@bufbuild/protobuf'
import type { IncomingMessage } from 'node:http'

import { fromJson, toBinary } from '@bufbuild/protobuf'

/** OTLP/HTTP's two encodings of a body. An answer has that of its request. */
export type Encoding = 'json' | 'protobuf'

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
}

/** The encoding that a request claims; undefined for another content type, or none. */
export function encodingOf(request: IncomingMessage): Encoding | undefined {
  const type = mediaType(request)
  if (type === MEDIA_TYPES.json) return 'json'
  return type === MEDIA_TYPES.protobuf ? 'protobuf' : undefined
}

/** The content type without its parameters, '' where there is none. */
export function mediaType(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1)
  return type.trim().toLowerCase()
}

/** A flat message of OTLP, as the JSON mapping has it, in either encoding. */
export function encode(schema: DescMessage, message: JsonMessage, encoding: Encoding): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(message))
  return Buffer.from(toBinary(schema, fromJson(schema, message)))
}

/** Of messages in JSON, what answers need. */
export interface JsonMessage {
  readonly [field: string]: string | number | JsonMessage
}
