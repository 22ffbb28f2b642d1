import { startFaultServer } from '@streamgauge/fault-server'
import type { Tour } from '@streamgauge/viewer'
import { runApp } from './run-app.ts'
import { planTour, type Stop } from './tour.ts'

/** The tour: a server that misbehaves, and a real application in its own process that reads from it. */
export interface TourPlayer extends Tour {
  /** Reads these streams. The page's `start` reads all there are. */
  play(stops: readonly Stop[], receiverUrl: string): Promise<void>
}

/**
 * @param options.token that the receiver wants, if any
 * @param options.signal ends a tour that plays
 */
export function createTourPlayer(options: {
  readonly token?: string | undefined
  readonly signal: AbortSignal
}): TourPlayer {
  let isRunning = false
  async function play(stops: readonly Stop[], url: string): Promise<void> {
    isRunning = true
    try {
      const server = await startFaultServer()
      try {
        await runApp(stops, server.baseURL, { url, token: options.token }, options.signal)
      } finally {
        await server.close()
      }
    } finally {
      isRunning = false
    }
  }
  return { play, isRunning: () => isRunning, start: (url) => play(planTour([]), url) }
}
