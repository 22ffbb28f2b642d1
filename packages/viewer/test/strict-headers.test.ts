import type { IncomingMessage } from 'node:http'
import type { Receiver } from '../src/index.ts'

import { expect, it } from '@jest/globals'
import { once } from 'node:events'
import { request } from 'node:http'

import { openStore } from '../src/index.ts'
import { post, traces, withReceiver } from './requests.ts'

/** Sends a request with any Host header, and gives the head of its answer. */
async function headOf(
  receiver: Receiver,
  path: string,
  { method = 'GET', ...headers }: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const sent = request(receiver.url + path, { method, headers: { origin: 'http://evil.example', ...headers } }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.destroy()
  return response
}

const STRICT = {
  'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

const JSON_TYPE = { 'content-type': 'application/json' }

it.each<readonly [string, string, Readonly<Record<string, string>>, number]>([
  ['the page', '/', {}, 200],
  ['a view of the page', '/streams', {}, 200],
  ['the list', '/api/streams', {}, 200],
  ['the overview', '/api/overview', {}, 200],
  ['the catalogue', '/api/faults', {}, 200],
  ['the live events', '/api/live', {}, 200],
  ['a wrong parameter', '/api/streams?x', {}, 400],
  ['nothing of the API', '/api/no', {}, 404],
  ['no page', '/no', {}, 404],
  ['the API to another method', '/api/streams', { method: 'POST' }, 405],
  ['OTLP to another method', '/v1/traces', {}, 405],
  ['OTLP to a preflight', '/v1/traces', { method: 'OPTIONS' }, 405],
  ['nothing of OTLP', '/v1/no', { method: 'POST' }, 404],
  ['OTLP of another type', '/v1/traces', { method: 'POST', 'content-type': 'text/plain' }, 415],
  ['OTLP that is none', '/v1/traces', { method: 'POST', ...JSON_TYPE }, 400],
  ['another host', '/', { host: 'evil.example' }, 421],
])('%s is answered with strict headers and no CORS', async (_name, path, options, status) => {
  await withReceiver(async (receiver) => {
    const { statusCode, headers } = await headOf(receiver, path, options)
    expect({ status: statusCode, headers }).toMatchObject({ status, headers: STRICT })
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

it.each([
  ['/', 401],
  ['/api/streams', 401],
  ['/v1/traces', 401],
])('%s without the token is answered with strict headers', async (path, status) => {
  await withReceiver(
    async (receiver) => {
      const { statusCode, headers } = await headOf(receiver, path)
      expect({ status: statusCode, headers }).toMatchObject({ status, headers: STRICT })
    },
    { token: 'secret' },
  )
})

it('telemetry is answered with strict headers, taken, too large or not stored', async () => {
  const store = openStore()
  await withReceiver(
    async (receiver) => {
      const taken = await post(receiver, '/v1/traces', traces())
      const large = await post(receiver, '/v1/traces', ' '.repeat(3000))
      store.close()
      const failed = await post(receiver, '/v1/traces', traces())
      expect([taken.status, large.status, failed.status]).toEqual([200, 413, 503])
      for (const { headers } of [taken, large, failed]) expect(Object.fromEntries(headers)).toMatchObject(STRICT)
    },
    { store, maxBodyBytes: 2000 },
  )
})

it("an asset of the page, whose name has its digest, may be kept; its other headers are everyone's", async () => {
  await withReceiver(async (receiver) => {
    const page = await (await fetch(receiver.url)).text()
    const [, asset = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? []
    const { headers } = await headOf(receiver, asset)
    expect(headers).toMatchObject({ ...STRICT, 'cache-control': 'public, max-age=31536000, immutable' })
  })
})
