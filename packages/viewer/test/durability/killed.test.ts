import type { Receiver } from '../../src/index.ts'

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { openStore } from '../../src/index.ts'
import { hexId } from '../records.ts'
import { post, traces } from '../requests.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-killed-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const SPANS_PER_REQUEST = 200
const SENDERS = 4

/** A request that is a trace of its own. */
function requestOf(number: number): unknown {
  const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) =>
    traces({ traceId: hexId(number, 32), spanId: hexId(i + 1, 16) }),
  )
  return { resourceSpans: spans.flatMap((request) => request['resourceSpans']) }
}

/**
 * Sends over several connections to a receiver into the file, and kills it as soon as so many requests are answered, with others
 * on their way. Returns which were answered.
 */
async function receiveAndKill(path: string, first: number, answers: number): Promise<readonly number[]> {
  const child = fork(fileURLToPath(new URL('receiver.mjs', import.meta.url)), [path])
  const [url] = (await once(child, 'message')) as [string]
  const ended = once(child, 'exit')
  const acknowledged: number[] = []
  let next = first
  async function send(): Promise<void> {
    while (!child.killed) {
      const number = (next += 1)
      const answer = await post({ url } as Receiver, '/v1/traces', requestOf(number))
      expect(answer.status).toBe(200)
      acknowledged.push(number)
      if (acknowledged.length >= answers) child.kill('SIGKILL')
    }
  }
  // Whoever waits for an answer when it dies has none.
  await Promise.allSettled(Array.from({ length: SENDERS }, send))
  expect(await ended).toEqual([null, 'SIGKILL'])
  return acknowledged
}

/** How many spans of which requests are in the file. Opens it as the viewer does. */
function storedSpans(path: string): ReadonlyMap<string, number> {
  using store = openStore({ path, maxStreams: 1_000_000 })
  expect(store.select('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(store.select('PRAGMA foreign_key_check')).toEqual([])
  expect(store.select('SELECT (SELECT count(*) FROM spans) - (SELECT count(*) FROM streams) AS lost')).toEqual([
    { lost: 0 },
  ])
  const rows = store.select('SELECT trace_id, count(*) AS spans FROM spans GROUP BY 1')
  return new Map(rows.map((row) => [String(row['trace_id']), Number(row['spans'])]))
}

it('every span that was acknowledged is in the file after kill -9, as often as that happens, and no request is there in part', async () => {
  const path = join(folder, 'killed.db')
  const acknowledged: number[] = []
  for (const [round, answers] of [1, 4, 25, 60].entries()) {
    acknowledged.push(...(await receiveAndKill(path, round * 1000, answers)))
    // What was not moved into the file yet is in its log.
    expect(existsSync(`${path}-wal`)).toBe(true)
    const stored = storedSpans(path)
    expect(acknowledged.filter((number) => stored.get(hexId(number, 32)) !== SPANS_PER_REQUEST)).toEqual([])
    expect([...stored.values()].filter((spans) => spans !== SPANS_PER_REQUEST)).toEqual([])
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(90)
}, 60_000)

it('a log that ends anywhere, as after a loss of power, costs the last requests alone', async () => {
  const path = join(folder, 'power.db')
  // Fewer than a checkpoint takes: all of it is in the log.
  const acknowledged = await receiveAndKill(path, 0, 1)
  const logBytes = statSync(`${path}-wal`).size
  const cutPath = join(folder, 'cut.db')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: logBytes }), (kept) => {
      for (const end of ['', '-wal']) copyFileSync(path + end, cutPath + end)
      rmSync(`${cutPath}-shm`, { force: true })
      truncateSync(`${cutPath}-wal`, kept)
      const stored = storedSpans(cutPath)
      expect([...stored.values()].filter((spans) => spans !== SPANS_PER_REQUEST)).toEqual([])
    }),
    { numRuns: 30, examples: [[0], [logBytes]] },
  )
  const [first = 0] = acknowledged
  expect(storedSpans(path).get(hexId(first, 32))).toBe(SPANS_PER_REQUEST)
}, 60_000)
