import type { DescMessage } from '@bufbuild/protobuf'
import type { ServerResponse } from 'node:http'
import type { Encoding, JsonMessage } from './encoding.ts'

import { StatusSchema } from '../otlp/gen/google/rpc/status_pb.ts'
import { encode, MEDIA_TYPES } from './encoding.ts'

/** Codes of google.rpc.Status, which OTLP asks for in the body of a failure. */
const RPC_CODES = { 400: 3, 401: 16, 404: 5, 405: 12, 413: 8, 415: 3, 421: 7, 500: 13, 503: 14 } as const

/** HTTP statuses of the receiver's refusals. */
export type RefusalStatus = keyof typeof RPC_CODES

/** A request that isn't taken: its status, one sentence of why, and headers that go with the status. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: RefusalStatus
  readonly headers: Readonly<Record<string, string>>

  constructor(status: RefusalStatus, message: string, headers: Readonly<Record<string, string>> = {}) {
    // Well-formed, since protobuf takes no half of a surrogate pair, and a message may quote anything.
    super(Buffer.from(message).toString())
    this.status = status
    this.headers = headers
  }
}

/** OTLP/HTTP: "The response body for all HTTP 4xx and HTTP 5xx responses MUST be a Protobuf-encoded Status message". */
export function answerRefusal(response: ServerResponse, refusal: Refusal, encoding: Encoding): void {
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  const status = { code: RPC_CODES[refusal.status], message: refusal.message }
  answer(response, refusal.status, { schema: StatusSchema, message: status, encoding })
}

/** OTLP/HTTP: "The server MUST use the same "Content-Type" in the response as it received in the request." */
export function answer(
  response: ServerResponse,
  status: number,
  body: { readonly schema: DescMessage; readonly message: JsonMessage; readonly encoding: Encoding },
): void {
  const bytes = encode(body.schema, body.message, body.encoding)
  response.writeHead(status, { 'content-type': MEDIA_TYPES[body.encoding], 'content-length': bytes.length })
  response.end(bytes)
}
