import type { Receiver, SpanRecord } from '../src/index.ts'

import { describe, expect, it } from '@jest/globals'
import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'

import type { Answer } from './ask.ts'

import { openStore } from '../src/index.ts'
import { ask } from './ask.ts'
import { hexId, log, span, streamSpan } from './records.ts'
import { withReceiver } from './requests.ts'

async function withSpans(spans: readonly SpanRecord[], use: (receiver: Receiver) => Promise<void>): Promise<void> {
  await withReceiver(async (receiver) => {
    receiver.store.ingest({ signal: 'traces', records: spans })
    await use(receiver)
  })
}

const idsOf = (answer: Answer): readonly unknown[] =>
  (answer.json['streams'] as readonly { readonly spanId: string }[]).map(({ spanId }) => Number(`0x${spanId}`))

const BROKEN = {
  [ATTR.OUTCOME]: 'broken',
  [GEN_AI.REQUEST_MODEL]: 'Gpt-Y',
  [GEN_AI.SERVER_ADDRESS]: 'api.example',
  [GEN_AI.ERROR_TYPE]: 'truncated_event',
  [ATTR.CAUSE]: 'provider_truncation',
  [ATTR.CAUSE_CONFIDENCE]: 'guess',
  [ATTR.ANOMALIES]: ['stalled'],
  [ATTR.CHUNK_RAW]: 'data: {"a',
  [ATTR.MAX_GAP]: 1.5,
  [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 0.25,
}

describe('GET /api/streams', () => {
  it('pages through the streams from the newest to the oldest, each once, also where several began at once', async () => {
    const spans = [1, 2, 3, 4, 5].map((id) => streamSpan(id, {}, { startNanos: id < 4 ? 7n : 9n }))
    await withSpans([...spans, span(6)], async (receiver) => {
      const first = await ask(receiver, '/api/streams?limit=2')
      expect(idsOf(first)).toEqual([5, 4])
      expect(first.json).toMatchObject({ matching: 5 })
      // What arrives meanwhile moves nothing.
      receiver.store.ingest({ signal: 'traces', records: [streamSpan(9, {}, { startNanos: 10n })] })
      const second = await ask(receiver, `/api/streams?limit=2&cursor=${String(first.json['next'])}`)
      expect(idsOf(second)).toEqual([3, 2])
      const third = await ask(receiver, `/api/streams?limit=2&cursor=${String(second.json['next'])}`)
      expect(idsOf(third)).toEqual([1])
      expect(third.json['next']).toBeNull()
    })
  })

  it.each([
    ['outcome=broken', [2]],
    ['model=Gpt-Y', [2]],
    ['model=gpt-y', []],
    ['host=api.example', [2]],
    ['service=shop', [3]],
    ['since=2&until=3', [2]],
    ['fault=truncated_event', [2]],
    ['cause=provider_truncation', [2]],
    ['cause=provider_truncation&outcome=completed', []],
    ['text=gpt-Y', [2]],
    ['text=STALLED', [2]],
    ['text=chatcmpl-77', [3]],
    [`text=${hexId(1, 32)}`, [1]],
    ['text=%25', []],
    ['text=ÄPFEL', [3]],
    ['text=chatcmpl%20äpfel', [3]],
    ['text=chatcmpl%20stalled', []],
    ['text=%20', [3, 2, 1]],
    ['since=2', [3, 2]],
    ['until=2', [1]],
    ['since=2&until=3&text=gpt', [2]],
    ['text=', [3, 2, 1]],
    ['', [3, 2, 1]],
  ])('with %s answers with the streams %j', async (query, ids) => {
    const third = streamSpan(
      3,
      { [GEN_AI.RESPONSE_ID]: 'chatcmpl-77', [ATTR.ANOMALIES]: ['äpfel'] },
      { service: 'shop' },
    )
    await withSpans([streamSpan(1), streamSpan(2, BROKEN), third], async (receiver) => {
      const answer = await ask(receiver, `/api/streams?${query}`)
      expect(idsOf(answer)).toEqual(ids)
      expect(answer.json).toMatchObject({ matching: ids.length, next: null })
    })
  })

  it.each([
    ['modle=x', /^There is no parameter "modle": use service, model, /],
    ['model=x&model=y', /^The parameter model is there twice\.$/],
    [`text=${'x'.repeat(301)}`, /^The parameter text is longer than 300 characters\.$/],
    ['limit=0', /^The parameter limit must be a whole number from 1 to 500\.$/],
    ['limit=1e2', /whole number/],
    ['since=now', /^The parameter since must be a whole number from 0 to 9000000000000\.$/],
    ['until=-1', /^The parameter until must be a whole number/],
    ['cursor=1', /^The parameter cursor is none of ours\.$/],
    ['cursor=99999999999999999999-1', /none of ours/],
  ])('refuses %s with one sentence', async (query, sentence) => {
    await withReceiver(async (receiver) => {
      const { status, json } = await ask(receiver, `/api/streams?${query}`)
      expect({ status, json }).toEqual({ status: 400, json: { message: expect.stringMatching(sentence) } })
    })
  })
})

describe('GET /api/streams/:traceId/:spanId', () => {
  const traceId = hexId(2, 32)
  const path = `/api/streams/${traceId}/${hexId(2, 16)}`

  it('answers with the stream, its reads, its logs, its trace and what the catalogue says', async () => {
    const read = { name: EVENT.CHUNK_SPAN, traceId, parentSpanId: hexId(2, 16), startNanos: 3_000_000n }
    const spans = [
      span(1, { traceId, name: 'POST /chat', startNanos: 1_000_000n }),
      streamSpan(2, BROKEN, { parentSpanId: hexId(1, 16) }),
      span(3, { ...read, endNanos: 5_500_000n, attributes: { [ATTR.CHUNK_INDEX]: 0, [ATTR.CHUNK_SIZE]: 40 } }),
      span(4, { ...read, traceId: hexId(9, 32) }),
    ]
    await withSpans(spans, async (receiver) => {
      const logs = [2, 3].map((id) => log(id, { eventName: EVENT.FAULT, traceId, spanId: hexId(id, 16) }))
      receiver.store.ingest({ signal: 'logs', records: logs })
      const { json } = await ask(receiver, path.toUpperCase().replace('/API/STREAMS', '/api/streams'))
      expect(json).toMatchObject({
        stream: { host: 'api.example', outcome: 'broken', chunk: { raw: 'data: {"a' } },
        fault: { code: 'truncated_event', class: 'parse' },
        anomalies: [{ type: 'stalled' }],
        causeMeaning: expect.stringContaining('provider'),
        confidenceMeaning: expect.stringContaining('Several causes fit'),
        reads: [{ index: 0, offset: null, size: 40, askedMs: 1, cameMs: 3.5 }],
        logs: [{ timeNanos: '2' }],
        spans: [
          { name: 'POST /chat', startMs: -1, isStream: false },
          { name: 'chat gpt-x', startMs: 0, isStream: true, parentSpanId: hexId(1, 16) },
        ],
      })
    })
  })

  it('of ids that nothing has is 404', async () => {
    await withReceiver(async (receiver) => {
      expect(await ask(receiver, path)).toMatchObject({
        status: 404,
        json: { message: expect.stringMatching(/^There is no stream of these ids: /) },
      })
    })
  })

  it('an enormous attribute is cut, and says how much', async () => {
    const raw = 'x'.repeat(1_000_000)
    await withSpans([streamSpan(2, { ...BROKEN, [ATTR.CHUNK_RAW]: raw })], async (receiver) => {
      const { json } = await ask(receiver, path)
      expect(JSON.stringify(json).length).toBeLessThan(60_000)
      expect(json).toMatchObject({
        stream: { chunk: { raw: expect.stringMatching(/x… \(983616 more characters\)$/) } },
      })
    })
  })

  it('what any program made up has no meaning, and does no harm', async () => {
    const attributes = { ...BROKEN, [ATTR.CAUSE]: '__proto__', [GEN_AI.ERROR_TYPE]: 'constructor' }
    const typed = { ...attributes, [GEN_AI.REQUEST_MODEL]: 7, [ATTR.MAX_GAP]: 'NaN', [ATTR.ANOMALIES]: { a: [1] } }
    await withSpans([streamSpan(2, typed)], async (receiver) => {
      expect((await ask(receiver, path)).json).toMatchObject({
        causeMeaning: null,
        fault: null,
        stream: { model: null },
      })
      expect((await ask(receiver, '/api/overview')).json).toMatchObject({ streams: 1, longestGap: { count: 0 } })
    })
  })

  it('/chunk.sse saves the bytes of the chunk', async () => {
    const base64 = { ...BROKEN, [ATTR.CHUNK_RAW]: '/gBh', [ATTR.CHUNK_ENCODING]: 'base64' }
    await withSpans([streamSpan(2, base64), streamSpan(3)], async (receiver) => {
      const saved = await fetch(`${receiver.url}${path}/chunk.sse`)
      expect(Buffer.from(await saved.arrayBuffer())).toEqual(Buffer.from([0xfe, 0, 0x61]))
      expect(saved.headers.get('content-disposition')).toBe(`attachment; filename="stream-${hexId(2, 16)}.sse"`)
      expect(saved.headers.get('content-type')).toBe('application/octet-stream')
      const other = await ask(receiver, `/api/streams/${hexId(3, 32)}/${hexId(3, 16)}/chunk.sse`)
      expect(other).toMatchObject({ status: 404, json: { message: 'No chunk of this stream was recorded.' } })
    })
  })
})

describe('GET /api/overview', () => {
  it('counts outcomes, faults, models, hosts, services and durations', async () => {
    const spans = [streamSpan(1), streamSpan(2, BROKEN), streamSpan(3, BROKEN, { startNanos: 90_000_000_000n })]
    await withSpans(spans, async (receiver) => {
      const { json } = await ask(receiver, '/api/overview')
      expect(json).toMatchObject({
        streams: 3,
        outcomes: { completed: 1, broken: 2 },
        faults: [{ errorType: 'truncated_event', cause: 'provider_truncation', streams: 2 }],
        models: [
          { name: 'Gpt-Y', streams: 2, outcomes: { broken: 2 } },
          { name: '', streams: 1 },
        ],
        services: [{ name: 'test', streams: 3 }],
        longestGap: { count: 2 },
        time: { bucketMs: 5000 },
        parseErrors: { ended: 0, perStream: null },
      })
      const { p50, buckets } = json['timeToFirstChunk'] as { p50: number; buckets: readonly unknown[] }
      // Never too short, and at most 9 % too long.
      expect(p50).toBeGreaterThanOrEqual(250)
      expect(p50).toBeLessThan(250 * 1.0906)
      expect(buckets).toEqual([{ fromMs: expect.any(Number), toMs: expect.any(Number), count: 2 }])
      expect((json['time'] as { buckets: readonly unknown[] }).buckets).toHaveLength(19)
    })
  })

  it('leaves out what began before a time', async () => {
    await withSpans([streamSpan(1), streamSpan(5)], async (receiver) => {
      expect((await ask(receiver, '/api/overview?since=3')).json).toMatchObject({ streams: 1 })
      expect((await ask(receiver, '/api/overview?since=6')).json).toMatchObject({ streams: 0, time: { buckets: [] } })
    })
  })

  it('sums up only what meets the conditions of the list', async () => {
    await withSpans([streamSpan(1), streamSpan(2, BROKEN), streamSpan(3, BROKEN)], async (receiver) => {
      const { json } = await ask(receiver, '/api/overview?outcome=broken&until=3&text=stalled')
      expect(json).toMatchObject({ streams: 1, outcomes: { broken: 1 }, longestGap: { count: 1 } })
    })
  })

  it('a duration beyond all measure is a long one', async () => {
    const endless = { [ATTR.MAX_GAP]: 1e308, [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: -5 }
    await withSpans([streamSpan(1, endless)], async (receiver) => {
      const { status, json } = await ask(receiver, '/api/overview')
      expect(status).toBe(200)
      expect(json).toMatchObject({ longestGap: { count: 1, buckets: [{ count: 1 }] }, timeToFirstChunk: { count: 1 } })
    })
  })

  it('a stream of 1970 among those of today makes no more bars', async () => {
    const today = streamSpan(2, {}, { startNanos: 1_800_000_000_000_000_000n })
    await withSpans([streamSpan(1), today], async (receiver) => {
      const { json } = await ask(receiver, '/api/overview')
      expect((json['time'] as { buckets: readonly unknown[] }).buckets.length).toBeLessThan(62)
    })
  })
})

it('GET /api/faults answers with the whole catalogue', async () => {
  await withReceiver(async (receiver) => {
    expect((await ask(receiver, '/api/faults')).json).toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ code: 'missing_terminator' })]),
      anomalies: expect.arrayContaining([expect.objectContaining({ type: 'stalled' })]),
      causes: { unknown: expect.any(String) },
      confidences: { guess: expect.any(String) },
    })
  })
})

it('what the store drops is dropped from the list', async () => {
  const store = openStore({ maxStreams: 2 })
  store.ingest({ signal: 'traces', records: [1, 2, 3].map((id) => streamSpan(id)) })
  await withReceiver(
    async (receiver) => {
      const answer = await ask(receiver, '/api/streams')
      expect({ ids: idsOf(answer), matching: answer.json['matching'] }).toEqual({ ids: [3, 2], matching: 2 })
    },
    { store },
  )
  store.close()
})

it('GET /api/settings answers with what can be set against a name of the catalogue', async () => {
  await withReceiver(async (receiver) => {
    expect((await ask(receiver, '/api/settings?for=buffered')).json).toMatchObject({
      products: expect.arrayContaining([
        expect.objectContaining({
          id: 'nginx',
          settings: [expect.objectContaining({ topic: 'buffering' }), expect.anything()],
        }),
      ]),
    })
    expect((await ask(receiver, '/api/settings?for=bom')).json).toEqual({ products: [], noSetting: expect.any(String) })
    expect((await ask(receiver, '/api/settings?of=bom')).status).toBe(400)
  })
})
