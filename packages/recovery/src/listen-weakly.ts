/** Takes the listeners of what was collected from signals that live on. */
const REMOVALS = new FinalizationRegistry<() => void>((remove) => remove())

/** What waits for something that its signal may end. It is kept as long as the signal is. */
const WAITING = new WeakMap<AbortSignal, Set<object>>()

/**
 * Calls once the signal is aborted, if the target is still there: an app may drop a stream without ending it, and its signal may
 * live as long as the app.
 *
 * @param aborted must not refer to the target by itself
 * @returns takes the listener away
 */
export function listenWeakly<T extends object>(
  signal: AbortSignal,
  target: T,
  aborted: (target: T) => void,
): () => void {
  const weak = new WeakRef(target)
  const listen = (): void => {
    const found = weak.deref()
    if (found !== undefined) aborted(found)
  }
  const remove = (): void => signal.removeEventListener('abort', listen)
  signal.addEventListener('abort', listen, { once: true })
  REMOVALS.register(target, remove, remove)
  return () => {
    REMOVALS.unregister(remove)
    remove()
  }
}

/** Keeps the target while it waits, though nobody but the signal may end that. @returns lets go of it */
export function keepWaiting(signal: AbortSignal, target: object): () => void {
  const waiting = WAITING.get(signal) ?? new Set()
  WAITING.set(signal, waiting)
  waiting.add(target)
  return () => void waiting.delete(target)
}
