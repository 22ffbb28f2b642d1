import type { Tour } from '../src/index.ts'

/** A tour that a test plays by hand. */
export interface PlayedTour extends Tour {
  /** The addresses that it was started with. */
  readonly startedWith: readonly string[]
  end(): void
  fail(error: Error): void
}

export function playedTour(): PlayedTour {
  const startedWith: string[] = []
  let playing: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined
  return {
    startedWith,
    isRunning: () => playing !== undefined,
    start: (url) => {
      startedWith.push(url)
      return new Promise((resolve, reject) => {
        playing = { resolve, reject }
      })
    },
    end: () => {
      playing?.resolve()
      playing = undefined
    },
    fail: (error) => {
      playing?.reject(error)
      playing = undefined
    },
  }
}
