import { warnOnce } from '../guard.ts'

/** What watches the requests of a class, from whichever copy of this package it is. */
type Watcher = object

/** Who wants to watch a class: the first one does, the others wait for it to leave. */
export type Claims = Set<Watcher>

const KEY = Symbol.for('streamgauge.claims')

/** The classes that are patched in this process, whichever copy of this package did it: two watchers would give two spans. */
function claimsOf(patched: object): Claims {
  const holder = globalThis as { [KEY]?: WeakMap<object, Claims> }
  const all = (holder[KEY] ??= new WeakMap<object, Claims>())
  const found = all.get(patched)
  if (found !== undefined) return found
  const claims: Claims = new Set()
  all.set(patched, claims)
  return claims
}

/** The classes that this copy has put its patches on: they stay, and ask for the watcher at each request. */
const patchedHere = new WeakSet<object>()

/** @returns the claims on the class, and whether it is still to be patched; from now on it counts as patched */
export function claimsFor(patched: object): { readonly claims: Claims; readonly isNew: boolean } {
  const isNew = !patchedHere.has(patched)
  patchedHere.add(patched)
  return { claims: claimsOf(patched), isNew }
}

/** Lets `watcher` watch, now or once those before it have left. */
export function enter(claims: Claims, watcher: Watcher): void {
  claims.add(watcher)
  if (firstOf(claims) === watcher) return
  warnOnce(
    'openai is patched by another instrumentation of this package, whose options hold; this one sees nothing. ' +
      'Use one way in: register, an instrumentation of NodeSDK, or instrumentOpenAI.',
  )
}

/** The one that watches. */
export function firstOf(claims: Claims): Watcher | undefined {
  for (const watcher of claims) return watcher
  return undefined
}
