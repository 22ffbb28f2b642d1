import type { ServerResponse } from 'node:http'

/** Codes of google.rpc.Status, which OTLP asks for in the body of a failure. */
const RPC_CODES = { 400: 3, 404: 5, 405: 12, 413: 8, 415: 3, 500: 13, 503: 14 } as const

/** HTTP statuses of the receiver's refusals. */
export type RefusalStatus = keyof typeof RPC_CODES

/** A request that isn't taken: its status, one sentence of why, and headers that go with the status. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: RefusalStatus
  readonly headers: Readonly<Record<string, string>>

  constructor(status: RefusalStatus, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** OTLP/HTTP: "The response body for all HTTP 4xx and HTTP 5xx responses MUST be a Protobuf-encoded Status message". */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  answerJson(response, refusal.status, { code: RPC_CODES[refusal.status], message: refusal.message })
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
