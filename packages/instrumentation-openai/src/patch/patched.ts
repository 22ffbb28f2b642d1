/**
 * The classes that are patched in this process, whichever copy of this package did it: a class patched twice would give two
 * spans for one request.
 */
const KEY = Symbol.for('streamgauge.patched')

/** Whether the class is still to be patched; from now on it counts as patched. */
export function claim(patched: object): boolean {
  const holder = globalThis as { [KEY]?: WeakSet<object> }
  const claimed = (holder[KEY] ??= new WeakSet())
  if (claimed.has(patched)) return false
  claimed.add(patched)
  return true
}
