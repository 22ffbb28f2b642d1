import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

import { openStore } from '../../src/index.ts'
import { countRows, streamSpan } from '../records.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-checkpoints-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A request of 500 streams. */
const batch = (first: number, streamBytes = 1000) => ({
  signal: 'traces' as const,
  records: Array.from({ length: 500 }, (_, i) => streamSpan(first + i, { filler: 'x'.repeat(streamBytes) })),
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate()
}

it('what came in is moved from the log into the file, beside the store and without its doing', async () => {
  const path = join(folder, 'moved.db')
  using store = openStore({ path })
  const before = statSync(path).size
  store.ingest(batch(1))
  // The commit itself has moved nothing: the log is far from too long.
  expect(statSync(path).size).toBe(before)
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(500_000)
  await until(() => statSync(path).size > 500_000)
  expect(countRows(store, 'spans')).toBe(500)
})

it('the log stays bounded where telemetry comes faster than it is moved', async () => {
  const path = join(folder, 'bounded.db')
  using store = openStore({ path, maxStreams: 1000 })
  let logBytes = 0
  // 200 MB in all, without a pause.
  for (let i = 0; i < 40; i += 1) {
    store.ingest(batch(1 + i * 500, 10_000))
    logBytes = Math.max(logBytes, statSync(`${path}-wal`).size)
  }
  await setImmediate()
  // 64 MiB, and what a commit writes beyond.
  expect(logBytes).toBeLessThan(90_000_000)
}, 30_000)

it('a store goes on where the log cannot be emptied, and a file that was removed is not made anew', async () => {
  const path = join(folder, 'removed.db')
  using store = openStore({ path })
  rmSync(path)
  for (let i = 0; i < 4; i += 1) {
    store.ingest(batch(1 + i * 500))
    await setImmediate()
  }
  expect(countRows(store, 'spans')).toBe(2000)
  expect(existsSync(path)).toBe(false)
})

it('a store that closes leaves one file', async () => {
  const path = join(folder, 'closed.db')
  const store = openStore({ path })
  store.ingest(batch(1))
  store.close()
  await until(() => !existsSync(`${path}-wal`))
  using again = openStore({ path })
  expect(countRows(again, 'spans')).toBe(500)
})
