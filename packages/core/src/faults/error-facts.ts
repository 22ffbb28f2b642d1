/** What is kept of an error and of the errors that caused it: names and codes, no messages, no stacks. */
export interface ErrorFacts {
  /** Class names and `name`s, outermost first. */
  readonly names: readonly string[]
  /** `code`s, outermost first. */
  readonly codes: readonly string[]
  /** HTTP status, where the error carries one. */
  readonly status?: number | undefined
}

/** Longest name or code kept, in UTF-16 units. */
export const MAX_NAME_LENGTH = 128

/** Longest chain of causes followed. */
export const MAX_CAUSES = 8

/** Reads the facts off anything thrown. Never throws, whatever was thrown. */
export function readErrorFacts(thrown: unknown): ErrorFacts {
  const names: string[] = []
  const codes: string[] = []
  let status: number | undefined
  let error: unknown = thrown
  for (let depth = 0; depth < MAX_CAUSES && isObject(error); depth++) {
    const current = error
    addText(names, () => current.constructor.name)
    addText(names, () => current['name'])
    addText(codes, () => current['code'] ?? codeOfParser(current))
    const found = read(() => current['status'])
    if (status === undefined && typeof found === 'number') status = found
    error = read(() => current['cause'])
  }
  return { names, codes, status }
}

type AnyObject = Record<string, unknown>

function isObject(value: unknown): value is AnyObject {
  return typeof value === 'object' && value !== null
}

/**
 * undici 7 gives the errors of its HTTP parser no code, and says what they are in their message alone. One of them is none of
 * what was sent, but of what was not: the connection closed inside a body, and the head had said that it would close.
 */
function codeOfParser({ name, message }: AnyObject): string | undefined {
  const isEnd = name === 'HTTPParserError' && typeof message === 'string' && message.endsWith('(Invalid EOF state)')
  return isEnd ? 'HPE_INVALID_EOF_STATE' : undefined
}

/** Errors of strangers may have getters that throw. */
function read(get: () => unknown): unknown {
  try {
    return get()
  } catch {
    return undefined
  }
}

function addText(list: string[], get: () => unknown): void {
  const value = read(get)
  if (typeof value === 'string' && value !== '' && !list.includes(value)) list.push(value.slice(0, MAX_NAME_LENGTH))
}
