import type { CatalogueCode } from '@streamgauge/core'

/**
 * A fault that no server can cause on its own, and why.
 *
 * @public
 */
export interface NotInjectable {
  readonly code: CatalogueCode
  readonly reason: string
  /** The fault to ask for, and what the client then has to do. */
  readonly instead: { readonly name: string; readonly client: string }
}

/**
 * The codes of the catalogue without an injector of their own.
 *
 * @public
 */
export const NOT_INJECTABLE: readonly NotInjectable[] = [
  {
    code: 'body_timeout',
    reason: "It is the HTTP client's own timer between two reads, which only the client can shorten.",
    instead: {
      name: 'stall_forever',
      client: 'a fetch whose undici dispatcher has a short bodyTimeout, in milliseconds',
    },
  },
]
