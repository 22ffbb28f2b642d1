/**
 * Readers of errors that Node.js throws. They ask for the property, not for the class: in a `vm` context, where test
 * runners put us, Node.js's errors are not instances of the context's own `Error`.
 */
export function errorMessage(error: unknown): string {
  const message = property(error, 'message')
  return typeof message === 'string' ? message : String(error)
}

/** Node.js's code of an error, such as `EADDRINUSE`. */
export function errorCode(error: unknown): unknown {
  return property(error, 'code')
}

/** SQLite's primary result code: the low byte of what node:sqlite puts there. */
export function sqliteCode(error: unknown): number | undefined {
  const code = property(error, 'errcode')
  return typeof code === 'number' ? code % 256 : undefined
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>)[name] : undefined
}
