// What a real Collector sends on is what was sent to it: the viewer stands behind it as it stands behind an application.
import type { Receiver, Store } from '../../src/index.ts'

import { describe, expect, it, jest } from '@jest/globals'

import { listStreams, openStore, startReceiver, waitForStreams } from '../../src/index.ts'
import { readStreams } from '../page/read-streams.ts'
import { distribution, logs, metrics, post, traces } from '../requests.ts'
import { findCollector, startCollector } from './start-collector.ts'

jest.setTimeout(60_000)

const program = findCollector()
const withCollector = program === undefined ? describe.skip : describe

const REQUESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['/v1/metrics', metrics()],
  ['/v1/metrics', metrics({ name: 'of buckets', sum: undefined, histogram: distribution('histogram') })],
  [
    '/v1/metrics',
    metrics({ name: 'exponential', sum: undefined, exponentialHistogram: distribution('exponentialHistogram') }),
  ],
  ['/v1/metrics', metrics({ name: 'of quantiles', sum: undefined, summary: distribution('summary') })],
  ['/v1/logs', logs()],
  ['/v1/traces', traces()],
]

/** All rows but for when and in which order they came, as SQLite quotes them, which is exact. */
function allRows(store: Store): readonly unknown[] {
  return ['spans', 'streams', 'logs', 'metric_series', 'metric_points'].map((table) => {
    const columns = store
      .select('SELECT name FROM pragma_table_info(:table)', { table })
      .map(({ name }) => String(name))
      .filter((name) => !['id', 'series_id', 'received_ms'].includes(name))
    const quoted = columns.map((name) => `quote(${name}) AS ${name}`).join(', ')
    return store.select(`SELECT ${quoted} FROM ${table} ORDER BY ${columns.join(', ')}`)
  })
}

/** Waits until so many requests were stored. */
function requestsStored(store: Store, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0
    store.subscribe(() => {
      seen += 1
      if (seen === count) resolve()
    })
  })
}

withCollector('behind a Collector', () => {
  it.each([
    ['proto', 'gzip'],
    ['proto', 'none'],
    ['json', 'gzip'],
    ['json', 'none'],
  ])(
    'the same telemetry gives the same rows as without it, encoding %s, compression %s',
    async (encoding, compression) => {
      await using direct = await startReceiver({ port: 0 })
      await using behind = await startReceiver({ port: 0 })
      const collector = await startCollector(program ?? '', { endpoint: behind.url, encoding, compression })
      const stored = requestsStored(behind.store, REQUESTS.length)
      for (const [path, body] of REQUESTS) {
        for (const { url } of [direct, collector]) {
          expect(await post({ url } as Receiver, path, body)).toMatchObject({ status: 200 })
        }
      }
      await stored
      expect(allRows(behind.store)).toEqual(allRows(direct.store))
      expect(listStreams(behind.store)).toMatchObject([{ outcome: 'broken', statusMessage: 'cut' }])
      await collector.stop()
    },
  )

  it('streams that an application read have their outcome, their fault and their chunk spans', async () => {
    await using receiver = await startReceiver({ port: 0 })
    const collector = await startCollector(program ?? '', { endpoint: receiver.url })
    const arrived = waitForStreams(receiver.store, 2, AbortSignal.timeout(30_000))
    await readStreams({ url: collector.url } as Receiver, ['healthy:plain', 'fault:cut_inside_event'])
    expect(await arrived).toMatchObject([
      { outcome: 'completed', service: 'chat' },
      { outcome: 'broken', errorType: 'truncated_event', chunk: { raw: expect.stringMatching(/^data: /) } },
    ])
    await collector.stop()
  })

  it('what could not be stored is sent again, and is there once', async () => {
    using store = openStore()
    const state = { fails: true }
    const flaky: Store = {
      ...store,
      ingest(batch) {
        if (state.fails) {
          state.fails = false
          throw new Error('the disk is full')
        }
        store.ingest(batch)
      },
    }
    await using receiver = await startReceiver({ port: 0, store: flaky })
    const retry = { enabled: true, initial_interval: '50ms', max_interval: '50ms' }
    const collector = await startCollector(program ?? '', { endpoint: receiver.url, retry_on_failure: retry })
    const arrived = waitForStreams(store, 1, AbortSignal.timeout(30_000))
    await post({ url: collector.url } as Receiver, '/v1/traces', traces())
    expect(await arrived).toHaveLength(1)
    expect(state.fails).toBe(false)
    await collector.stop()
  })

  it('a token is sent as a header', async () => {
    const token = 'for-the-collector'
    await using receiver = await startReceiver({ port: 0, token })
    const headers = { authorization: `Bearer ${token}` }
    const collector = await startCollector(program ?? '', { endpoint: receiver.url, headers })
    const arrived = waitForStreams(receiver.store, 1, AbortSignal.timeout(30_000))
    await post({ url: collector.url } as Receiver, '/v1/traces', traces())
    expect(await arrived).toHaveLength(1)
    await collector.stop()
  })
})
