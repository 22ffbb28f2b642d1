import type { Exchange } from './exchange.ts'

/** Names the requests where not all of them are meant. */
export function ofWhich(some: readonly Exchange[], all: readonly Exchange[]): string {
  return some.length === all.length ? '' : ` (${some.map(({ title }) => title).join(', ')})`
}
