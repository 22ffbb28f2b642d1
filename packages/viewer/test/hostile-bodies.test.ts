import type { Receiver } from '../src/index.ts'
import type { Answer } from './requests.ts'

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'

import { listStreams, startReceiver } from '../src/index.ts'
import { AS_PROTOBUF, encodeRequest } from './protobuf.ts'
import { distribution, logs, metrics, post, traces } from './requests.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver({ port: 0 })
})
afterAll(() => receiver.close())

const REQUESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['/v1/traces', traces()],
  ['/v1/metrics', metrics()],
  ['/v1/metrics', metrics({ sum: undefined, histogram: distribution('histogram') })],
  ['/v1/metrics', metrics({ sum: undefined, exponentialHistogram: distribution('exponentialHistogram') })],
  ['/v1/metrics', metrics({ sum: undefined, summary: distribution('summary') })],
  ['/v1/logs', logs()],
]
const request = fc.constantFrom(...REQUESTS)
const path = fc.constantFrom('/v1/traces', '/v1/metrics', '/v1/logs')

/** Places of all values in a JSON tree, as lists of keys. */
function places(value: unknown, prefix: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [prefix]
  return [prefix, ...Object.entries(value).flatMap(([key, item]) => places(item, [...prefix, key]))]
}

/** A copy of the tree with another value at the place. */
function replaced(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = structuredClone(tree) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, value)
  return copy
}

/** A refusal says in one sentence why, on one line, however hostile what it quotes is. */
function expectAnswer(answer: Answer, statuses: readonly number[]): void {
  expect(statuses).toContain(answer.status)
  const { message = 'The body was taken.' } = answer.json as { readonly message?: string }
  expect(message).toMatch(/^[A-Z][^\n\r]{5,500}\.$/)
}

async function expectAlive(): Promise<void> {
  expect(await post(receiver, '/v1/traces', traces())).toMatchObject({ status: 200, json: {} })
  expect(listStreams(receiver.store)).not.toHaveLength(0)
}

it('any JSON is answered with 200 or 400', async () => {
  await fc.assert(
    fc.asyncProperty(path, fc.json({ maxDepth: 5 }), async (where, body) => {
      expectAnswer(await post(receiver, where, body), [200, 400])
    }),
    { numRuns: 300 },
  )
  await expectAlive()
})

it('a request with any one value replaced by another is answered with 200 or 400', async () => {
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.constantFrom('NaN', '-Infinity', '0'.repeat(32), '\u0000', '\uD800', Number.MAX_VALUE, 2 ** 63, -1),
  )
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), leaf, async ([where, body], pick, value) => {
      const all = places(body)
      const mutated = replaced(body, all[pick % all.length] ?? [], value)
      expectAnswer(await post(receiver, where, mutated), [200, 400])
    }),
    { numRuns: 1500 },
  )
  await expectAlive()
}, 30_000)

it('any bytes are answered with 400, whatever encoding they claim', async () => {
  const bytes = fc.uint8Array({ maxLength: 2000 })
  const encoding = fc.constantFrom('identity', 'gzip')
  await fc.assert(
    fc.asyncProperty(path, bytes, encoding, async (where, body, claim) => {
      // A prefix keeps the rare run of bytes out that happens to be JSON.
      const answer = await post(receiver, where, Buffer.concat([Buffer.of(0), body]), { 'content-encoding': claim })
      expectAnswer(answer, [400])
    }),
    { numRuns: 300 },
  )
  await expectAlive()
})

it('a request that is cut or has a byte flipped, also inside gzip, is answered with 200 or 400', async () => {
  await fc.assert(
    fc.asyncProperty(
      request,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async ([where, body], at, mask, zip) => {
        const text = Buffer.from(JSON.stringify(body))
        const bytes = zip ? gzipSync(text) : text
        const headers = { 'content-encoding': zip ? 'gzip' : 'identity' }
        const cut = bytes.subarray(0, at % bytes.length)
        expectAnswer(await post(receiver, where, cut, headers), [400])
        const flipped = Buffer.from(bytes)
        flipped[at % bytes.length] = (flipped[at % bytes.length] ?? 0) ^ mask
        expectAnswer(await post(receiver, where, flipped, headers), [200, 400])
      },
    ),
    { numRuns: 300 },
  )
  await expectAlive()
})

it('any bytes in protobuf are answered with 200 or 400, and what is random inside gzip too', async () => {
  await fc.assert(
    fc.asyncProperty(path, fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (where, bytes, zip) => {
      const headers = { ...AS_PROTOBUF, 'content-encoding': zip ? 'gzip' : 'identity' }
      expectAnswer(await post(receiver, where, zip ? gzipSync(bytes) : bytes, headers), [200, 400])
    }),
    { numRuns: 500 },
  )
  await expectAlive()
}, 30_000)

it('a request in protobuf with bytes cut out, put in or flipped is answered with 200 or 400', async () => {
  const edit = fc.record({ at: fc.nat(), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }), mask: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(request, fc.array(edit, { minLength: 1, maxLength: 3 }), async ([where, body], edits) => {
      let bytes = encodeRequest(where, body)
      for (const { at, cut, put, mask } of edits) {
        const start = at % bytes.length
        bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)])
        if (start < bytes.length) bytes.writeUInt8(bytes.readUInt8(start) ^ mask, start)
        if (bytes.length === 0) break
      }
      expectAnswer(await post(receiver, where, bytes, AS_PROTOBUF), [200, 400])
    }),
    { numRuns: 1500 },
  )
  await expectAlive()
}, 30_000)

it('a request in protobuf that is cut anywhere but between its resources is answered with 400', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), fc.boolean(), async ([where, body], pick, zip) => {
      const bytes = encodeRequest(where, body)
      const cut = bytes.subarray(0, 1 + (pick % (bytes.length - 1)))
      const headers = { ...AS_PROTOBUF, 'content-encoding': zip ? 'gzip' : 'identity' }
      expectAnswer(await post(receiver, where, zip ? gzipSync(cut) : cut, headers), [400])
    }),
    { numRuns: 300 },
  )
  await expectAlive()
})

it('any bytes in place of a request end their connection alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), async (bytes, asBody) => {
      const socket = connect(receiver.port, '127.0.0.1')
      const head = 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n'
      socket.on('error', () => {}).resume()
      // The end of what is sent is the end of the connection, if no answer was before.
      socket.end(asBody ? Buffer.concat([Buffer.from(head), bytes]) : bytes)
      await once(socket, 'close')
    }),
    { numRuns: 200 },
  )
  await expectAlive()
}, 30_000)
