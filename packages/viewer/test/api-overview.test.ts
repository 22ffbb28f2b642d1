import { describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import fc from 'fast-check'

import type { MetricPointRecord } from '../src/index.ts'

import { openStore, startReceiver } from '../src/index.ts'
import { ask } from './ask.ts'
import { streamSpan, sumPoint } from './records.ts'
import { withReceiver } from './requests.ts'

const SECOND = 1_000_000_000n

describe('GET /api/overview', () => {
  it.each([
    ['', 3],
    ['since=2', 2],
    ['until=2', 1],
    ['since=2&until=3', 1],
    ['model=gpt-a', 1],
    ['host=b.example', 1],
    ['service=shop', 1],
    ['service=shop&model=gpt-a', 0],
    ['model=', 3],
  ])('with %s is of %i of three streams, and of nothing else', async (query, streams) => {
    await withReceiver(async (receiver) => {
      const records = [
        streamSpan(1, { [GEN_AI.REQUEST_MODEL]: 'gpt-a', [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 1 }),
        streamSpan(2, { [GEN_AI.SERVER_ADDRESS]: 'b.example', [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 1 }),
        streamSpan(3, { [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 1 }, { service: 'shop' }),
      ]
      receiver.store.ingest({ signal: 'traces', records })
      const { status, json } = await ask(receiver, `/api/overview?${query}`)
      expect({ status, json }).toMatchObject({
        status: 200,
        json: { streams, timeToFirstChunk: { count: streams } },
      })
      const { buckets } = json['time'] as { readonly buckets: readonly { readonly outcomes: object }[] }
      const inTime = buckets.flatMap(({ outcomes }) => Object.values(outcomes) as readonly number[])
      expect(inTime.reduce((sum, count) => sum + count, 0)).toBe(streams)
    })
  })

  it.each(['until=x', 'since=-1', 'fualt=truncated_event', 'model=a&model=b'])('with %s is 400', async (query) => {
    await withReceiver(async (receiver) => {
      expect(await ask(receiver, `/api/overview?${query}`)).toMatchObject({
        status: 400,
        json: { message: expect.stringMatching(/parameter/) },
      })
    })
  })
})

/** A data point `at` so many seconds, of a counter by model and host. */
function point(metric: string, at: number, value: number, more: Partial<MetricPointRecord> = {}): MetricPointRecord {
  const attributes = {
    [GEN_AI.REQUEST_MODEL]: 'gpt-a',
    [GEN_AI.SERVER_ADDRESS]: 'a.example',
    ...(metric === METRIC.ENDED ? { [ATTR.OUTCOME]: 'completed' } : { [GEN_AI.ERROR_TYPE]: 'malformed_event' }),
    ...more.attributes,
  }
  return sumPoint(metric, value, { ...more, timeNanos: BigInt(at) * SECOND, attributes })
}

describe('GET /api/parse-errors', () => {
  async function answerOf(records: readonly MetricPointRecord[], query = '') {
    const store = openStore()
    const receiver = await startReceiver({ port: 0, store })
    try {
      store.ingest({ signal: 'metrics', records })
      return (await ask(receiver, `/api/parse-errors?${query}`)).json
    } finally {
      await receiver.close()
      store.close()
    }
  }

  it('says when counters grew, from their first value on', async () => {
    //           100 s   101 s   102 s
    // ended         4       4       9
    // errors        1       1       3
    const records = [
      ...[4, 4, 9].map((value, i) => point(METRIC.ENDED, 100 + i, value)),
      ...[1, 1, 3].map((value, i) => point(METRIC.PARSE_ERRORS, 100 + i, value)),
    ]
    expect(await answerOf(records)).toMatchObject({
      budget: 0.001,
      parseErrors: 3,
      ended: 9,
      time: {
        bucketMs: 1000,
        buckets: [
          { startMs: 100_000, parseErrors: 1, ended: 4 },
          { startMs: 101_000, parseErrors: 0, ended: 0 },
          { startMs: 102_000, parseErrors: 2, ended: 5 },
        ],
      },
    })
  })

  it('adds up deltas, and a process that began again', async () => {
    const delta = { temporality: 'delta' as const }
    const records = [
      point(METRIC.ENDED, 100, 4, delta),
      point(METRIC.ENDED, 101, 4, delta),
      point(METRIC.PARSE_ERRORS, 100, 5, { startNanos: 1n }),
      point(METRIC.PARSE_ERRORS, 101, 2, { startNanos: 100n * SECOND }),
    ]
    expect(await answerOf(records)).toMatchObject({ parseErrors: 7, ended: 8 })
  })

  it('leaves out streams of which nobody knows how they would have ended', async () => {
    const outcomes = ['completed', 'broken', 'cancelled', 'abandoned', 'handed_off']
    const records = outcomes.map((outcome) => point(METRIC.ENDED, 100, 1, { attributes: { [ATTR.OUTCOME]: outcome } }))
    expect(await answerOf(records)).toMatchObject({ ended: 3 })
  })

  it('tells models, hosts and services apart, the worst first', async () => {
    const records = [
      point(METRIC.ENDED, 100, 9),
      point(METRIC.ENDED, 100, 1, { attributes: { [GEN_AI.REQUEST_MODEL]: 'gpt-b' } }),
      point(METRIC.PARSE_ERRORS, 100, 1, { attributes: { [GEN_AI.REQUEST_MODEL]: 'gpt-b' } }),
    ]
    expect(await answerOf(records)).toMatchObject({
      models: [
        { name: 'gpt-b', parseErrors: 1, ended: 1 },
        { name: 'gpt-a', parseErrors: 0, ended: 9 },
      ],
      hosts: [{ name: 'a.example', parseErrors: 1, ended: 10 }],
      services: [{ name: 'test', parseErrors: 1, ended: 10 }],
    })
  })

  it.each([
    ['since=101000', 5],
    ['until=101000', 4],
    ['model=gpt-b', 0],
    ['host=a.example', 9],
    ['service=test', 9],
    ['service=shop', 0],
  ])('with %s counts %i streams', async (query, ended) => {
    const records = [point(METRIC.ENDED, 100, 4), point(METRIC.ENDED, 101, 9)]
    expect(await answerOf(records, query)).toMatchObject({ ended })
  })

  it('does not take for growth what was counted before the oldest point that is kept', async () => {
    await withReceiver(
      async (receiver) => {
        for (const at of [100, 101, 102, 103]) {
          const records = [point(METRIC.ENDED, at, (at - 99) * 10)]
          receiver.store.ingest({ signal: 'metrics', records })
        }
        const { json } = await ask(receiver, '/api/parse-errors')
        expect(json).toMatchObject({ ended: 10, time: { buckets: [{ startMs: 103_000, ended: 10 }] } })
      },
      { store: openStore({ maxMetricPoints: 2 }) },
    )
  })

  it('never counts twice, and leaves nothing out, however counters grow and wherever the time is cut', async () => {
    const growth = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.array(growth, { maxLength: 4 }), fc.nat({ max: 25 }), async (counters, cut) => {
        const records = counters.flatMap((steps, i) => {
          let value = 0
          const attributes = { [GEN_AI.REQUEST_MODEL]: `m-${i}` }
          return steps.map((step, at) => point(METRIC.ENDED, 100 + at, (value += step), { attributes }))
        })
        const [all, before, after] = await Promise.all(
          ['', `until=${(100 + cut) * 1000}`, `since=${(100 + cut) * 1000}`].map((query) => answerOf(records, query)),
        )
        expect(all?.['ended']).toBe(counters.flat().reduce((sum, step) => sum + step, 0))
        expect(Number(before?.['ended']) + Number(after?.['ended'])).toBe(all?.['ended'])
      }),
      { numRuns: 30 },
    )
  })

  it('of nothing is empty', async () => {
    expect(await answerOf([])).toEqual({
      budget: 0.001,
      parseErrors: 0,
      ended: 0,
      models: [],
      hosts: [],
      services: [],
      time: { bucketMs: 1000, buckets: [] },
    })
  })
})

describe('a link to the trace in Grafana', () => {
  const stream = streamSpan(0xabc, {}, { startNanos: 1_000n * SECOND, endNanos: 1_001n * SECOND })
  const path = `/api/streams/${stream.traceId}/${stream.spanId}`

  async function traceUrlWith(grafanaUrl: string | undefined): Promise<unknown> {
    let found: unknown
    await withReceiver(
      async (receiver) => {
        receiver.store.ingest({ signal: 'traces', records: [stream] })
        found = (await ask(receiver, path)).json['traceUrl']
      },
      { grafanaUrl },
    )
    return found
  }

  it.each(['https://grafana.example/sub', 'https://grafana.example/sub/', 'https://grafana.example/sub?x#y'])(
    'to %s opens Explore with the trace in Tempo, and the time around it',
    async (grafanaUrl) => {
      const url = new URL(String(await traceUrlWith(grafanaUrl)))
      expect(url.origin + url.pathname).toBe('https://grafana.example/sub/explore')
      expect(JSON.parse(url.searchParams.get('panes') ?? '')).toEqual({
        stream: {
          datasource: 'tempo',
          queries: [
            { refId: 'A', datasource: { type: 'tempo', uid: 'tempo' }, queryType: 'traceql', query: stream.traceId },
          ],
          range: { from: '700000', to: '1301000' },
        },
      })
    },
  )

  it('is not there where no Grafana is known', async () => {
    expect(await traceUrlWith(undefined)).toBeNull()
  })

  it.each(['javascript:alert(1)', 'grafana', 'file:///etc', '', 'http://user:secret@grafana.example'])(
    'is refused at the start where the address is %j, which is not repeated',
    async (grafanaUrl) => {
      await expect(startReceiver({ port: 0, grafanaUrl })).rejects.toThrow(
        new RangeError('grafanaUrl must be an http(s) URL without a user and a password, and it is not'),
      )
    },
  )
})
