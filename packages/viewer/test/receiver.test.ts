import { expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'

import { listStreams, openStore, startReceiver } from '../src/index.ts'
import { logs, metrics, post, SPAN_ID, TRACE_ID, traces, withReceiver } from './requests.ts'

it.each([
  ['/v1/traces', traces()],
  ['/v1/metrics', metrics()],
  ['/v1/logs', logs()],
])('%s takes OTLP JSON and answers 200 with an empty object', async (path, body) => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, path, body)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({})
    expect(answer.headers.get('content-type')).toBe('application/json')
  })
})

it('reads a gzip body, and a content type with parameters', async () => {
  await withReceiver(async (receiver) => {
    const body = gzipSync(JSON.stringify(traces()))
    const headers = { 'content-encoding': 'gzip', 'content-type': 'Application/JSON; charset=utf-8' }
    expect(await post(receiver, '/v1/traces', body, headers)).toMatchObject({ status: 200, json: {} })
    expect(listStreams(receiver.store)).toMatchObject([{ traceId: TRACE_ID, spanId: SPAN_ID, service: 'shop' }])
  })
})

it('keeps the good spans of a request, and says in a partial success which were refused', async () => {
  await withReceiver(async (receiver) => {
    const body = traces()
    const [resource] = body['resourceSpans'] as { scopeSpans: { spans: unknown[] }[] }[]
    resource?.scopeSpans[0]?.spans.push({ traceId: '0'.repeat(32), spanId: SPAN_ID, name: 'no trace' }, {})
    expect(await post(receiver, '/v1/traces', body)).toMatchObject({
      status: 200,
      json: {
        partialSuccess: {
          rejectedSpans: '2',
          errorMessage: 'resourceSpans[0].scopeSpans[0].spans[1] lacks a trace id or a span id.',
        },
      },
    })
    expect(listStreams(receiver.store)).toHaveLength(1)
  })
})

const nested = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`
const attribute = (value: string) => `{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":${value}}]}}]}`

it.each<[string, string | Uint8Array, Record<string, string>, RegExp]>([
  ['an empty body', '', {}, /not JSON/],
  ['a truncated body', JSON.stringify(traces()).slice(0, -9), {}, /not JSON/],
  ['null', 'null', {}, /must be an object/],
  ['an array', '[]', {}, /must be an object/],
  ['a list that is none', '{"resourceSpans":{}}', {}, /the body\.resourceSpans must be an array/],
  [
    'a base64 id',
    JSON.stringify(traces({ traceId: 'W47/95gDgQPSabYzgT/GDA==' })),
    {},
    /traceId must be 16 bytes, or 32 hex digits in JSON/,
  ],
  ['an id that is a number', JSON.stringify(traces({ spanId: 7 })), {}, /spanId must be a string/],
  ['a negative time', JSON.stringify(traces({ startTimeUnixNano: '-1' })), {}, /startTimeUnixNano must fit in 64 bits/],
  ['a time of words', JSON.stringify(traces({ startTimeUnixNano: 'noon' })), {}, /must be a whole number/],
  ['an unknown enum name', JSON.stringify(traces({ kind: 'SPAN_KIND_MAIN' })), {}, /kind must be a number or one of/],
  ['an attribute nested 33 deep', attribute(nested(33)), {}, /nested deeper than 32 levels/],
  ['an attribute nested 100,000 deep', attribute(nested(100_000)), {}, /nested deeper than 200 brackets/],
  ['20 MiB of brackets', '['.repeat(20 * 2 ** 20), {}, /nested deeper than 200 brackets/],
  ['a body that is not gzip', 'hello', { 'content-encoding': 'gzip' }, /can't be inflated/],
  ['a cut gzip body', gzipSync('{}').subarray(0, -5), { 'content-encoding': 'gzip' }, /can't be inflated/],
])('%s is answered with 400 and one sentence', async (_name, body, headers, sentence) => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, '/v1/traces', body, headers)
    expect(answer).toMatchObject({ status: 400, json: { code: 3, message: expect.stringMatching(sentence) } })
  })
})

it.each([
  ['text/plain', /content type is "text\/plain": send OTLP as application\/x-protobuf or application\/json/],
  ['', /no content type/],
])('the content type "%s" is answered with 415 and what to send', async (type, sentence) => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, '/v1/traces', '{}', { 'content-type': type })
    expect(answer).toMatchObject({ status: 415, json: { code: 3, message: expect.stringMatching(sentence) } })
  })
})

it('an encoding other than gzip is answered with 415 and what is accepted', async () => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, '/v1/traces', '{}', { 'content-encoding': 'br' })
    expect(answer.status).toBe(415)
    expect(answer.headers.get('accept-encoding')).toBe('gzip')
  })
})

it('another path is answered with 404, another method with 405 and what is allowed', async () => {
  await withReceiver(async (receiver) => {
    const elsewhere = await post(receiver, '/v1/trace', '{}')
    expect(elsewhere).toMatchObject({ status: 404, json: { code: 5 } })
    const got = await fetch(`${receiver.url}/v1/traces?x=1`)
    expect(got.status).toBe(405)
    expect(got.headers.get('allow')).toBe('POST')
    expect(await got.json()).toMatchObject({ code: 12 })
  })
})

it('a body of the largest size is taken, one byte more is answered with 413', async () => {
  await withReceiver(
    async (receiver) => {
      const body = '{}'.padEnd(1000)
      expect(await post(receiver, '/v1/logs', body)).toMatchObject({ status: 200 })
      expect(await post(receiver, '/v1/logs', `${body} `)).toMatchObject({ status: 413, json: { code: 8 } })
      expect(await post(receiver, '/v1/logs', gzipSync(`${body} `), { 'content-encoding': 'gzip' })).toMatchObject({
        status: 413,
      })
    },
    { maxBodyBytes: 1000 },
  )
})

it('an attribute nested 32 deep is taken, also beside a time that is a number', async () => {
  await withReceiver(async (receiver) => {
    const body = attribute(nested(32)).replace('"key":"k"', '"key":"k","time":1544712660000000000')
    expect(await post(receiver, '/v1/traces', body)).toMatchObject({ status: 200, json: {} })
  })
})

it.each([
  ['values', 1_000_000, '{"resourceSpans":[', '{}', ']}'],
  ['records', 50_000, '{"resourceSpans":[{"scopeSpans":[{"spans":[', '{}', ']}]}]}'],
])('more %s than %d are answered with 413, whatever their size', async (what, most, before, item, after) => {
  await withReceiver(async (receiver) => {
    const answer = await post(
      receiver,
      '/v1/traces',
      before + Array.from({ length: most + 1 }, () => item).join(',') + after,
    )
    const message = `The body has more than ${most} ${what}: send smaller batches.`
    expect(answer).toMatchObject({ status: 413, json: { code: 8, message } })
  })
})

it('commas and brackets in strings count for nothing', async () => {
  await withReceiver(async (receiver) => {
    const text = '[{,"\\'.repeat(1_000_000)
    const attributes = [{ key: 'text', value: { stringValue: text } }]
    expect(await post(receiver, '/v1/traces', traces({ attributes }))).toMatchObject({ status: 200, json: {} })
  })
})

it('a gzip bomb is answered with 413, and takes memory for what is allowed only', async () => {
  await withReceiver(async (receiver) => {
    // 2 GiB from 2 MiB: gzip members may follow one another.
    const member = gzipSync(Buffer.alloc(2 ** 20, ' '))
    const bomb = Buffer.concat(Array.from({ length: 2048 }, () => member))
    const before = process.resourceUsage().maxRSS
    const answer = await post(receiver, '/v1/traces', bomb, { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(413)
    const grownMiB = (process.resourceUsage().maxRSS - before) / 1024
    expect(grownMiB).toBeLessThan(150)
  })
})

it('of bodies that arrive at once, those beyond four times the largest are answered with 503', async () => {
  await withReceiver(
    async (receiver) => {
      const head =
        'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n'
      const sockets = Array.from({ length: 5 }, () => connect(receiver.port, '127.0.0.1'))
      const answers = sockets.map(
        (socket) => new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk)))),
      )
      // Each lacks its last bytes, so that all five stay open.
      for (const socket of sockets) socket.write(head + ' '.repeat(900))
      const answer = await Promise.race(answers)
      for (const socket of sockets) socket.destroy()
      expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n/s)
    },
    { maxBodyBytes: 1000 },
  )
})

it('a client that goes away in the middle of a body leaves a receiver that works', async () => {
  await withReceiver(async (receiver) => {
    const socket = connect(receiver.port, '127.0.0.1')
    const continued = new Promise((resolve) => socket.once('data', resolve))
    socket.write('POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n')
    socket.write('content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"resource')
    await continued
    socket.destroy()
    expect(await post(receiver, '/v1/logs', logs())).toMatchObject({ status: 200 })
  })
})

it('a store that fails is answered with 503, so that the exporter sends again', async () => {
  const store = openStore()
  await withReceiver(
    async (receiver) => {
      store.close()
      const answer = await post(receiver, '/v1/traces', traces())
      expect(answer).toMatchObject({ status: 503, json: { code: 14, message: expect.stringMatching(/closed/) } })
      expect(answer.headers.get('retry-after')).toBe('1')
    },
    { store },
  )
})

it('a busy port rejects with port_in_use and one sentence', async () => {
  await withReceiver(async (receiver) => {
    await expect(startReceiver({ port: receiver.port })).rejects.toMatchObject({
      name: 'ViewerError',
      code: 'port_in_use',
      message: expect.stringMatching(
        new RegExp(`^Port ${receiver.port} on 127.0.0.1 is taken.*0 picks a free one\\).$`),
      ),
    })
  })
})

it.each([
  ['port', { port: 65_536 }],
  ['port', { port: 1.5 }],
  ['maxBodyBytes', { maxBodyBytes: 0 }],
])('a bad %s is a RangeError that names it', async (name, options) => {
  await expect(startReceiver(options)).rejects.toThrow(RangeError)
  await expect(startReceiver(options)).rejects.toThrow(name)
})

it('close frees the port and closes its own store, and a second close does nothing', async () => {
  const receiver = await startReceiver({ port: 0 })
  const idle = connect(receiver.port, '127.0.0.1')
  const dropped = new Promise((resolve) => idle.once('close', resolve))
  idle.on('error', () => {})
  await new Promise((resolve) => idle.once('connect', resolve))
  await receiver.close()
  await receiver[Symbol.asyncDispose]()
  await dropped
  expect(() => listStreams(receiver.store)).toThrow(expect.objectContaining({ code: 'store_closed' }))
  const again = await startReceiver({ port: receiver.port })
  await again.close()
})

it('close leaves a store open that was passed in', async () => {
  const store = openStore()
  await withReceiver(
    async (receiver) => {
      await post(receiver, '/v1/traces', traces())
    },
    { store },
  )
  expect(listStreams(store)).toHaveLength(1)
  store.close()
})
