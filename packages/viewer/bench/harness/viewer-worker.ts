// A viewer in a process of its own: what it takes is its own, and nobody else's work delays its answers.
import { statSync } from 'node:fs'
import { openStore, startReceiver } from '../../src/index.ts'
import { chunkSpans, endedPoint, faultLog, streamSpan } from './telemetry.ts'

import type { Figures, ViewerSettings } from './viewer-process.ts'

const BATCH = 500

const settings = JSON.parse(process.argv[2] ?? '') as ViewerSettings
const { path, streams, maxStreams = streams, brokenWithChunks, series } = settings
const store = openStore({
  ...(path === undefined ? {} : { path }),
  maxStreams,
  maxBytesPerKind: 2 ** 31,
})

for (let first = 0; first < streams; first += BATCH) {
  const count = Math.min(BATCH, streams - first)
  store.ingest({ signal: 'traces', records: Array.from({ length: count }, (_, i) => streamSpan(first + i)) })
}
for (const number of brokenWithChunks) {
  store.ingest({ signal: 'traces', records: chunkSpans(number) })
  store.ingest({ signal: 'logs', records: [faultLog(number)] })
}
for (let first = 0; first < series; first += BATCH) {
  store.ingest({ signal: 'metrics', records: Array.from({ length: BATCH }, (_, i) => endedPoint(first + i)) })
}

const receiver = await startReceiver({ port: 0, store })

process.on('message', (question) => {
  if (question === 'cpu') {
    process.send?.(cpuMs())
    return
  }
  globalThis.gc?.()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  const fileBytes = path === undefined ? 0 : statSync(path).size + statSync(`${path}-wal`).size
  const figures: Figures = { rss, heapUsed: heapUsed + arrayBuffers, fileBytes }
  process.send?.(figures)
})

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
// A bench that fails leaves nothing behind.
process.on('disconnect', () => process.exit())
process.send?.(receiver.url)
