/** A server, or a model behind one, that ends answers in a way of its own. */
export interface Dialect {
  /** Host name of the base URL; a leading `*.` stands for any subdomain. Absent: any host. */
  readonly host?: string | undefined
  /** Model name; `*` stands for any characters. Absent: any model. */
  readonly model?: string | undefined
  /** `'optional'`: a complete answer may end with neither a finish reason nor `[DONE]`. */
  readonly terminator: 'required' | 'optional'
}

/** Dialects known from recorded streams. Those of the user come first. */
export const DIALECTS: readonly Dialect[] = [
  // Complete tool calls of GLM models end with neither a finish reason nor [DONE] there.
  { host: 'integrate.api.nvidia.com', model: '*glm*', terminator: 'optional' },
]

/**
 * Whether answers of this host and model must end with a terminator: the first dialect that matches.
 *
 * @param dialects the user's own, tried before the known ones
 */
export function findTerminatorRule(
  host: string,
  model: string,
  dialects: readonly Dialect[] = [],
): Dialect['terminator'] {
  const matches = (dialect: Dialect): boolean =>
    (dialect.host === undefined || matchesPattern(host.toLowerCase(), dialect.host.toLowerCase())) &&
    (dialect.model === undefined || matchesPattern(model.toLowerCase(), dialect.model.toLowerCase()))
  return (dialects.find(matches) ?? DIALECTS.find(matches))?.terminator ?? 'required'
}

/** `*` stands for any characters. Greedy from the left, in one pass over the pieces. */
function matchesPattern(text: string, pattern: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (pieces.length === 1) return text === pattern
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from)
    if (at === -1) return false
    from = at + piece.length
  }
  return from <= text.length - last.length
}
