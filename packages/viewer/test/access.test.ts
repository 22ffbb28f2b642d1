import type { Receiver, ReceiverOptions } from '../src/index.ts'

import { expect, it } from '@jest/globals'
import { request as httpRequest } from 'node:http'
import { networkInterfaces } from 'node:os'

import { listStreams, startReceiver } from '../src/index.ts'
import { urlOf } from '../src/receiver/listen.ts'
import { post, traces, withReceiver } from './requests.ts'

interface RawAnswer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Sends a span with headers that `fetch` keeps to itself. */
function send(receiver: Receiver, headers: Record<string, string>, method = 'POST'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${receiver.url}/v1/traces`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
    })
    sent.once('error', reject)
    sent.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    sent.end(method === 'POST' ? JSON.stringify(traces()) : undefined)
  })
}

it.each(['localhost', 'LOCALHOST:80', 'localhost:', '127.0.0.1:4318', '127.9.9.9', '[::1]:4318', '[::1]'])(
  'a request to the host %s is answered',
  async (host) => {
    await withReceiver(async (receiver) => {
      expect(await send(receiver, { host })).toMatchObject({ status: 200 })
    })
  },
)

it.each([
  ['rebound.example', 'rebound.example'],
  ['rebound.example:4318', 'rebound.example'],
  ['localhost.rebound.example', 'localhost.rebound.example'],
  ['127.0.0.1.rebound.example', '127.0.0.1.rebound.example'],
  ['127.rebound.example', '127.rebound.example'],
  ['localhost@rebound.example', 'localhost@rebound.example'],
  ['rebound.example@localhost', 'rebound.example@localhost'],
  ['[::1].rebound.example', '[::1].rebound.example'],
  ['localhost:80:80', 'localhost:80:80'],
  ['192.168.0.1', '192.168.0.1'],
  ['128.0.0.1', '128.0.0.1'],
])('a request to the host "%s" is answered with 421 and one sentence, and stores nothing', async (host, name) => {
  await withReceiver(async (receiver) => {
    const answer = await send(receiver, { host })
    expect(answer.status).toBe(421)
    expect(JSON.parse(answer.text)).toEqual({
      code: 7,
      message: `Requests to "${name}" are not answered here: send to 127.0.0.1.`,
    })
    expect(listStreams(receiver.store)).toEqual([])
  })
})

it('no page of another site is let in: preflights are refused, and no answer has a header of CORS', async () => {
  await withReceiver(async (receiver) => {
    const origin = { origin: 'https://page.example', 'access-control-request-method': 'POST' }
    const preflight = await send(receiver, origin, 'OPTIONS')
    // What a page may send without a preflight is text, which isn't taken.
    const text = await send(receiver, { ...origin, 'content-type': 'text/plain' })
    const taken = await send(receiver, origin)
    expect([preflight.status, text.status, taken.status]).toEqual([405, 415, 200])
    for (const { headers } of [preflight, text, taken]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

const TOKEN = 'a-long:and+secret/token='
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

it.each([
  ['Bearer', `Bearer ${TOKEN}`],
  ['bearer in lower case', `bearer ${TOKEN}`],
  ['the password of Basic', basic(`anyone:${TOKEN}`)],
  ['the password of Basic without a name', basic(`:${TOKEN}`)],
])('with a token, a request that has it as %s is taken', async (_name, authorization) => {
  await withReceiver(
    async (receiver) => {
      expect(await post(receiver, '/v1/traces', traces(), { authorization })).toMatchObject({ status: 200 })
    },
    { token: TOKEN },
  )
})

it.each([
  ['no token', '', /no token/],
  ['another token', 'Bearer other', /another one/],
  ['the beginning of the token', `Bearer ${TOKEN.slice(0, -1)}`, /another one/],
  ['the token and more', `Bearer ${TOKEN}x`, /another one/],
  ['the token as the name of Basic', basic(`${TOKEN}:`), /another one/],
  ['Basic without a colon', basic('anyone'), /no token/],
  ['another scheme', `Digest ${TOKEN}`, /no token/],
  ['the token alone', TOKEN, /no token/],
])(
  'with a token, a request with %s is answered with 401 and how to send it',
  async (_name, authorization, sentence) => {
    await withReceiver(
      async (receiver) => {
        const answer = await post(receiver, '/v1/traces', traces(), { authorization })
        expect(answer).toMatchObject({ status: 401, json: { code: 16, message: expect.stringMatching(sentence) } })
        expect(answer.headers.get('www-authenticate')).toMatch(/Basic .*Bearer /)
        expect(JSON.stringify(answer.json)).not.toContain(TOKEN)
        expect(listStreams(receiver.store)).toEqual([])
      },
      { token: TOKEN },
    )
  },
)

it('a token does not open the way for another host', async () => {
  await withReceiver(
    async (receiver) => {
      const headers = { host: 'rebound.example', authorization: `Bearer ${TOKEN}` }
      expect(await send(receiver, headers)).toMatchObject({ status: 421 })
    },
    { token: TOKEN },
  )
})

it('every address is listened on with a token, and then under any name', async () => {
  await withReceiver(
    async (receiver) => {
      expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`)
      const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
      for (const { address } of addresses.filter(({ family }) => family === 'IPv4')) {
        const url = `http://${address}:${receiver.port}`
        const authorization = `Bearer ${TOKEN}`
        expect(await post({ ...receiver, url }, '/v1/traces', traces(), { authorization })).toMatchObject({
          status: 200,
        })
        expect(await post({ ...receiver, url }, '/v1/traces', traces())).toMatchObject({ status: 401 })
      }
      const named = await send(receiver, { host: 'viewer.example', authorization: `Bearer ${TOKEN}` })
      expect(named).toMatchObject({ status: 200 })
    },
    { host: '0.0.0.0', token: TOKEN },
  )
})

it.each(['127.0.0.1', 'localhost'])('the host %s needs no token, and is in the URL', async (host) => {
  await withReceiver(
    async (receiver) => {
      expect(receiver.url).toBe(`http://${host}:${receiver.port}`)
      expect(await post(receiver, '/v1/traces', traces())).toMatchObject({ status: 200 })
    },
    { host },
  )
})

it.each(['0.0.0.0', '::', '192.168.0.1', 'viewer.example', '127.example', '127.1', '::ffff:192.168.0.1'])(
  'the host %s without a token is a RangeError that names it',
  async (host) => {
    await expect(startReceiver({ port: 0, host })).rejects.toThrow(RangeError)
    await expect(startReceiver({ port: 0, host })).rejects.toThrow(`no token is set, but it is ${host}`)
  },
)

it.each<readonly [string, ReceiverOptions]>([
  ['host', { host: '' }],
  ['host', { host: ' ', token: TOKEN }],
  ['host', { host: 'http://localhost', token: TOKEN }],
  ['token', { token: '' }],
  ['token', { token: 'two words' }],
  ['token', { token: 'naïve' }],
  ['token', { token: 'x'.repeat(1025) }],
])('a bad %s is a RangeError that names it, and tells no token', async (name, options) => {
  const failure: unknown = await startReceiver({ port: 0, ...options }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(RangeError)
  expect(String(failure)).toMatch(new RegExp(`^RangeError: ${name} must be `))
  if (name === 'token' && options.token !== '') expect(String(failure)).not.toContain(options.token)
})

it.each([
  ['::1', 'http://[::1]:4318'],
  ['::', 'http://[::1]:4318'],
  ['0.0.0.0', 'http://127.0.0.1:4318'],
  ['viewer.example', 'http://viewer.example:4318'],
])('what listens on %s is reached at %s', (host, url) => {
  expect(urlOf(host, 4318)).toBe(url)
})

it('an address of another machine rejects with listen_failed and what to do', async () => {
  // TEST-NET-1 of RFC 5737: nobody has it.
  await expect(startReceiver({ port: 0, host: '192.0.2.1', token: TOKEN })).rejects.toMatchObject({
    code: 'listen_failed',
    message: expect.stringMatching(
      /^Port 0 on 192\.0\.2\.1 can't be listened on .*: choose an address of this machine\.$/,
    ),
  })
})
