import type { ServerResponse } from 'node:http'

/**
 * On every answer. What is shown comes from servers that misbehave: should a piece of it ever be taken for markup, it can
 * load nothing, run nothing and send nothing.
 */
const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** A whole answer. */
export interface Content {
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** Begins an answer whose body comes bit by bit. */
export function startAnswer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...STRICT_HEADERS, 'cache-control': 'no-store', ...headers })
}

/** Sends an answer; node:http leaves the body out where only the head was asked for. */
export function send(response: ServerResponse, status: number, { type, body, headers = {} }: Content): void {
  const length = String(Buffer.byteLength(body))
  startAnswer(response, status, { 'content-type': type, 'content-length': length, ...headers })
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
