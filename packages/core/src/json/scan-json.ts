import { JsonScanner, type JsonScan, type JsonVisitor } from './json-scanner.ts'

export type { JsonScan, JsonVisitor } from './json-scanner.ts'

/**
 * Says whether a text is one JSON value (RFC 8259, as strict as `JSON.parse`), and where it broke if it isn't.
 *
 * Never throws and never recurses; time is linear, memory a bit per open bracket. Nesting beyond `MAX_JSON_DEPTH` counts
 * as invalid at the bracket that exceeds it. The optional visitor is told every token, also of broken JSON.
 */
export function scanJson(text: string, visitor?: JsonVisitor): JsonScan {
  const scanner = new JsonScanner(visitor)
  scanner.push(text, 0, text.length)
  return scanner.end(text.length)
}
