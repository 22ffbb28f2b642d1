import { diag } from '@opentelemetry/api'

/**
 * The classes that are patched in this process, with who did it, whichever copy of this package that is of: a class patched
 * twice would give two spans for one request.
 */
const KEY = Symbol.for('streamgauge.patched')

/** Whether the class is still to be patched; from now on it counts as patched. Warns where somebody else has patched it. */
export function claim(patched: object, owner: object): boolean {
  const holder = globalThis as { [KEY]?: WeakMap<object, object> }
  const owners = (holder[KEY] ??= new WeakMap())
  const found = owners.get(patched)
  if (found === undefined) owners.set(patched, owner)
  else if (found !== owner) warnOnce()
  return found === undefined
}

let hasWarned = false

function warnOnce(): void {
  if (hasWarned) return
  hasWarned = true
  diag.warn(
    'streamgauge: openai is patched by another instrumentation of this package, whose options hold; this one sees nothing. ' +
      'Use one way in: register, an instrumentation of NodeSDK, or instrumentOpenAI.',
  )
}
