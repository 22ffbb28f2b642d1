import type { ServerResponse } from 'node:http'

/** A whole answer. */
export interface Content {
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends an answer; node:http leaves the body out where only the head was asked for. */
export function send(response: ServerResponse, status: number, { type, body, headers = {} }: Content): void {
  const length = String(Buffer.byteLength(body))
  response.writeHead(status, { 'content-type': type, 'content-length': length, ...headers })
  response.end(body)
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, { type: 'application/json; charset=utf-8', body: JSON.stringify(value), headers })
}
