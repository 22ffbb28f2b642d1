// What a sender may get wrong, on each path and in each encoding.
import type { Receiver } from '../src/index.ts'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { startReceiver } from '../src/index.ts'
import { AS_PROTOBUF, encodeRequest, PROTOBUF } from './protobuf.ts'
import { logs, metrics, post, traces } from './requests.ts'

const MAX_BODY_BYTES = 100_000

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver({ port: 0, maxBodyBytes: MAX_BODY_BYTES })
})
afterAll(() => receiver.close())

const JSON_TYPE = 'application/json'
const ENDPOINTS: readonly (readonly [string, Record<string, unknown>, table: string])[] = [
  ['/v1/traces', traces(), 'spans'],
  ['/v1/metrics', metrics(), 'metric_points'],
  ['/v1/logs', logs(), 'logs'],
]

interface Sent {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** A body that is well-formed, and what can be made of it. */
interface Good {
  readonly type: string
  readonly bytes: Buffer
  /** The same telemetry in the other encoding. */
  readonly other: Buffer
}

const typed = ({ type }: Good, more: Readonly<Record<string, string>> = {}) => ({ 'content-type': type, ...more })
const inGzip = { 'content-encoding': 'gzip' }

const MISTAKES: readonly (readonly [string, (good: Good) => Sent, status: number, sentence: RegExp])[] = [
  [
    'cut in half',
    (good) => ({ body: good.bytes.subarray(0, good.bytes.length / 2), headers: typed(good) }),
    400,
    /^The body /,
  ],
  [
    'cut in half inside gzip',
    (good) => ({ body: gzipSync(good.bytes.subarray(0, good.bytes.length / 2)), headers: typed(good, inGzip) }),
    400,
    /^The body /,
  ],
  [
    'gzip that is cut',
    (good) => ({ body: gzipSync(good.bytes).subarray(0, -9), headers: typed(good, inGzip) }),
    400,
    /^The body is labelled gzip but can't be inflated\.$/,
  ],
  ['in the other encoding', (good) => ({ body: good.other, headers: typed(good) }), 400, /^The body /],
  [
    'labelled gzip, and is not',
    (good) => ({ body: good.bytes, headers: typed(good, inGzip) }),
    400,
    /^The body is labelled gzip but can't be inflated\.$/,
  ],
  ['gzip, and is not labelled so', (good) => ({ body: gzipSync(good.bytes), headers: typed(good) }), 400, /^The body /],
  ['gzip twice', (good) => ({ body: gzipSync(gzipSync(good.bytes)), headers: typed(good, inGzip) }), 400, /^The body /],
  [
    'deflate',
    (good) => ({ body: deflateSync(good.bytes), headers: typed(good, { 'content-encoding': 'deflate' }) }),
    415,
    /^The content encoding "deflate" is not supported: send gzip or none\.$/,
  ],
  [
    'brotli',
    (good) => ({ body: brotliCompressSync(good.bytes), headers: typed(good, { 'content-encoding': 'br' }) }),
    415,
    /^The content encoding "br" is not supported/,
  ],
  [
    'of another content type',
    (good) => ({ body: good.bytes, headers: { 'content-type': 'application/grpc' } }),
    415,
    /^The content type is "application\/grpc": send OTLP as /,
  ],
  [
    'too large',
    (good) => ({ body: Buffer.alloc(MAX_BODY_BYTES + 1, good.bytes), headers: typed(good) }),
    413,
    /^The body is larger than 100000 bytes: send smaller batches\.$/,
  ],
  [
    'too large once inflated',
    (good) => ({ body: gzipSync(Buffer.alloc(1000 * MAX_BODY_BYTES)), headers: typed(good, inGzip) }),
    413,
    /^The body is larger than 100000 bytes: send smaller batches\.$/,
  ],
]

describe.each(ENDPOINTS)('on %s', (path, json, table) => {
  describe.each([JSON_TYPE, PROTOBUF])('in %s', (type) => {
    const inJson = Buffer.from(JSON.stringify(json))
    const inProtobuf = encodeRequest(path, json)
    const good: Good =
      type === PROTOBUF ? { type, bytes: inProtobuf, other: inJson } : { type, bytes: inJson, other: inProtobuf }
    const rows = () => receiver.store.select(`SELECT count(*) AS found FROM ${table}`)

    it.each(MISTAKES)('a body that is %s is refused in one sentence, and stores nothing', async (...row) => {
      const [, make, status, sentence] = row
      const before = rows()
      const { body, headers } = make(good)
      const answer = await post(receiver, path, body, headers)
      expect({ status: answer.status, json: answer.json }).toEqual({
        status,
        json: { code: expect.any(Number), message: expect.stringMatching(sentence) },
      })
      expect((answer.json as { message: string }).message).toMatch(/^[^\n]*[^.]\.$/)
      expect(rows()).toEqual(before)
    })

    it('the well-formed body is taken after all of them', async () => {
      expect(await post(receiver, path, good.bytes, typed(good))).toMatchObject({ status: 200, json: {} })
    })
  })
})

it('an answer is in the encoding of its request', async () => {
  const [json, protobuf] = [{ 'content-type': JSON_TYPE }, AS_PROTOBUF]
  for (const headers of [json, protobuf]) {
    const refused = await post(receiver, '/v1/traces', Buffer.of(255), headers)
    expect(refused.headers.get('content-type')).toBe(headers['content-type'])
  }
})
