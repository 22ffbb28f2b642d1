import type { ServerResponse } from 'node:http'

/**
 * On every answer, of OTLP too: whatever is asked of this port may be asked by a browser. What is shown comes from servers that misbehave: should a piece of it ever be taken for markup, it can
 * load nothing, run nothing and send nothing.
 */
const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cache-control': 'no-store', // but for what says otherwise
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Gives an answer the headers that all have; what is written later goes before. */
export function setStrictHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(STRICT_HEADERS)) response.setHeader(name, value)
}
