// Runs in a thread of its own, for each message: moves what the log of a database file holds into the file itself.
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

const url = pathToFileURL(String(workerData))
// A file that somebody has removed is not made anew.
url.searchParams.set('mode', 'rw')

parentPort?.on('message', () => {
  // Opened each time: a connection that stays would keep the log from being removed when the store closes.
  const database = new DatabaseSync(url)
  // PASSIVE: "Checkpoint as many frames as possible without waiting for any database readers or writers to finish".
  database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  database.close()
  parentPort?.postMessage('done')
})
