import type { Store } from '../store/store.ts'
import type { StreamRow } from './list-streams.ts'

import { integerOption } from '../options.ts'
import { ViewerError } from '../viewer-error.ts'
import { listStreams } from './list-streams.ts'

const QUERY = 'SELECT count(*) AS streams FROM spans WHERE outcome IS NOT NULL'

/**
 * Waits until the store holds so many spans of streams, and returns the newest so many, newest last. Spans that are there
 * already count. There is no timeout but the signal's: pass `AbortSignal.timeout(ms)`.
 *
 * @param count - 1 to what the store keeps at most
 * @throws RangeError for a count out of range; the signal's reason when it aborts; ViewerError `store_closed`.
 * @public
 */
export async function waitForStreams(store: Store, count: number, signal?: AbortSignal): Promise<readonly StreamRow[]> {
  integerOption('count', count, { min: 1, max: store.maxStreams, otherwise: 1 })
  signal?.throwIfAborted()
  if (countStreams(store) < count) await streamsArrived(store, count, signal)
  return listStreams(store, { limit: count })
}

function countStreams(store: Store): number {
  return Number(store.select(QUERY)[0]?.['streams'] ?? 0)
}

function streamsArrived(store: Store, count: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const unsubscribe = store.subscribe((event) => {
      if (event.type === 'closed') {
        stop()
        reject(new ViewerError('store_closed', `The telemetry store closed before it had spans of ${count} streams.`))
      } else if (event.streams > 0 && countStreams(store) >= count) {
        stop()
        resolve()
      }
    })
    function abort(): void {
      stop()
      reject(signal?.reason)
    }
    function stop(): void {
      unsubscribe()
      signal?.removeEventListener('abort', abort)
    }
    signal?.addEventListener('abort', abort)
  })
}
