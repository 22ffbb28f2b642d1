import type { Store } from './store.ts'

import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Records after which the log is worth emptying: some 5 MB of it. */
const RECORDS_PER_CHECKPOINT = 500

/** Where the build puts it: the same place from dist and from src. */
const WORKER = fileURLToPath(new URL('../../dist/store/checkpoint-worker.js', import.meta.url))

/**
 * Empties the log of a store's file in another thread, whenever enough came in, until the store closes.
 *
 * SQLite would do it within the commit that makes the log too long: with 5,000 spans a second that is each of them, and while
 * it waits for the disk nothing is received and nothing answered.
 */
export function checkpointBeside(store: Store, path: string): void {
  let worker: Worker | undefined
  let state: 'idle' | 'busy' | 'failed' = 'idle'
  let records = 0

  function start(): Worker {
    // Its stderr is not shown: what is there are Node.js's warnings, which the main thread has given.
    const started = new Worker(WORKER, { workerData: path, stderr: true })
    // It keeps no process from ending.
    started.unref()
    started.on('message', () => {
      state = 'idle'
      checkpoint()
    })
    // Then SQLite does it by itself, later and within a commit.
    started.on('error', () => {
      state = 'failed'
    })
    return started
  }

  function checkpoint(): void {
    if (state !== 'idle' || records < RECORDS_PER_CHECKPOINT) return
    worker ??= start()
    state = 'busy'
    records = 0
    worker.postMessage('checkpoint')
  }

  store.subscribe((event) => {
    if (event.type === 'closed') {
      void worker?.terminate()
      return
    }
    records += event.records
    checkpoint()
  })
}
