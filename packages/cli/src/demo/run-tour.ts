import { listStreams, parseErrorRate, type Receiver } from '@streamgauge/viewer'
import { compare, type DemoResult } from './result.ts'
import { SERVICE_NAME } from './run-app.ts'
import type { TourPlayer } from './tour-player.ts'
import type { Stop } from './tour.ts'

/**
 * Plays the tour, and compares what the receiver got of it with what it was.
 *
 * @param onProgress told how many streams have arrived
 */
export async function runTour(
  stops: readonly Stop[],
  { store, url }: Receiver,
  player: TourPlayer,
  onProgress: (arrived: number) => void,
): Promise<DemoResult> {
  let arrived = 0
  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'ingest' && event.streams > 0) onProgress((arrived += event.streams))
  })
  try {
    await player.play(stops, url)
  } finally {
    unsubscribe()
  }
  const rows = listStreams(store, { service: SERVICE_NAME, limit: stops.length })
  return compare(stops, rows, parseErrorRate(store, { service: SERVICE_NAME }))
}
