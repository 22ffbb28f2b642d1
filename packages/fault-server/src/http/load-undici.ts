import type { createRequire } from 'node:module'
import { runInThisContext } from 'node:vm'

type Undici = typeof import('undici')

/**
 * Loads undici beside the `fetch` of Node.js, which is undici as well, though no module.
 *
 * Jest gives each test file an `Error` of its own, and what is imported there makes errors of that. `fetch` takes those of
 * undici for no errors then, and leaves them out as the `cause` of its own. The main context of Node.js has the `Error` that
 * `fetch` knows, and a `process` that no test runner replaced.
 */
export const loadUndici = (): Undici => {
  const createMainRequire = runInThisContext(
    "process.getBuiltinModule('node:module').createRequire",
  ) as typeof createRequire
  return createMainRequire(import.meta.url)('undici') as Undici
}
