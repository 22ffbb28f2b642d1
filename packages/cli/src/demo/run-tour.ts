import { startFaultServer } from '@streamgauge/fault-server'
import { listStreams, parseErrorRate, type Receiver } from '@streamgauge/viewer'
import { compare, type DemoResult } from './result.ts'
import { runApp, SERVICE_NAME } from './run-app.ts'
import type { Stop } from './tour.ts'

/**
 * Runs the tour: a server that misbehaves, a real application in its own process, and what the receiver got of it.
 *
 * @param onProgress told how many streams have arrived
 */
export async function runTour(
  stops: readonly Stop[],
  receiver: Receiver,
  onProgress: (arrived: number) => void,
  signal: AbortSignal,
): Promise<DemoResult> {
  const { store } = receiver
  const server = await startFaultServer()
  let arrived = 0
  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'ingest' && event.streams > 0) onProgress((arrived += event.streams))
  })
  try {
    await runApp(stops, server.baseURL, receiver.url, signal)
  } finally {
    unsubscribe()
    await server.close()
  }
  const rows = listStreams(store, { service: SERVICE_NAME, limit: stops.length })
  return compare(stops, rows, parseErrorRate(store, { service: SERVICE_NAME }))
}
