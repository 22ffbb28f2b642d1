import type { Store, StoreEvent } from './store.ts'

/** Those who want to hear of a store. */
export interface Listeners {
  readonly subscribe: Store['subscribe']
  publish(event: StoreEvent): void
  clear(): void
}

export function createListeners(): Listeners {
  const listeners = new Set<(event: StoreEvent) => void>()
  return {
    subscribe(listener) {
      const own = (event: StoreEvent) => listener(event) // one listener may subscribe twice
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          // The records are stored and their sender gets its answer; the listener's bug must not change either.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    clear() {
      listeners.clear()
    },
  }
}
