import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { Agent, createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import {
  FAULTS,
  HEALTHY,
  listApis,
  startFaultProxy,
  startFaultServer,
  type FaultProxy,
  type FaultProxyOptions,
  type FaultServer,
  type Injector,
} from '../src/index.ts'
import { askChat, parseAnswer, requestRaw } from './raw-client.ts'
import { formatRequest } from './streaming-request.ts'

/** Headers of one connection. */
const OF_THE_CONNECTION = /^(connection|keep-alive|transfer-encoding): .*\r\n/gim

const FAST = { timeScale: 0, holdMs: 1 }

let upstream: FaultServer
let proxy: FaultProxy
beforeAll(async () => {
  upstream = await startFaultServer(FAST)
  proxy = await startFaultProxy({ upstream: upstream.baseURL })
})
afterAll(async () => {
  await proxy.close()
  await upstream.close()
})

const CASES = [
  ...FAULTS.map((injector) => ['fault', injector.name, injector] as const),
  ...HEALTHY.map((injector) => ['healthy', injector.name, injector] as const),
]

describe('an answer that nothing is scheduled for', () => {
  const read = async (port: number, prefix: string, injector: Injector): Promise<object> => {
    const [api = 'chat'] = listApis(injector)
    const { path, body } = formatRequest(api, `${prefix}:${injector.name}`, injector.client)
    const answer = await requestRaw(port, { path: `/v1${path}`, body: JSON.parse(body as string) as unknown })
    const { head, body: text, raw, isWhole } = parseAnswer(answer)
    const isChunked = /^transfer-encoding: chunked/im.test(head)
    // A body that ends with its connection has no other border: it is chunked behind the proxy.
    const content = isChunked ? text : raw.toString('utf8')
    const isFramed = isChunked || /^content-length/im.test(head)
    return { head: head.replaceAll(OF_THE_CONNECTION, ''), content, isWhole: isFramed ? isWhole : true }
  }

  it.each(CASES)('%s:%s comes through as it is', async (prefix, name, injector) => {
    const [direct, proxied] = await Promise.all([upstream, proxy].map(({ port }) => read(port, prefix, injector)))
    // Garbage in the framing ends what a proxy can read.
    const isGarbage = name === 'bad_chunk_framing'
    expect({ ...proxied, ...(isGarbage ? { isWhole: false } : {}) }).toEqual(direct)
  })

  it.each([
    ['fin', 'close_before_headers'],
    ['reset', 'reset_before_headers'],
    ['fin', 'cut_between_events'],
    ['reset', 'reset_inside_event'],
  ])('ends by %s where the upstream did, as after %s', async (end, name) => {
    expect((await askChat(upstream.port, `fault:${name}`)).end).toBe(end)
    expect((await askChat(proxy.port, `fault:${name}`)).end).toBe(end)
  })

  it('comes as soon as the upstream has sent it', async () => {
    await using stalling = await startFaultServer()
    await using own = await startFaultProxy({ upstream: stalling.baseURL })
    const { path, body } = formatRequest('chat', 'fault:stall_forever')
    const gone = new AbortController()
    const response = await fetch(own.baseURL + path, { method: 'POST', body, signal: gone.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toContain('data: ')
    gone.abort()
    await expect(reader.read()).rejects.toThrow('aborted')
  })
})

/** An upstream that is made for one test. */
type Listener = (incoming: IncomingMessage, response: import('node:http').ServerResponse) => void
let own: Server
let between: FaultProxy
const startBetween = async (listener: Listener, options: Partial<FaultProxyOptions> = {}): Promise<number> => {
  own = createServer(listener).listen(0, '127.0.0.1')
  await once(own, 'listening')
  const { port } = own.address() as AddressInfo
  between = await startFaultProxy({ upstream: `http://127.0.0.1:${port}/base`, ...options })
  return port
}

describe('between a client and an upstream', () => {
  afterEach(async () => {
    await between.close()
    own.closeAllConnections()
    own.close()
  })

  it('headers keep their order, spelling and repetition, but for those of the connection', async () => {
    let seen: readonly string[] = []
    const port = await startBetween((incoming, response) => {
      seen = incoming.rawHeaders
      response.sendDate = false
      response.writeHead(200, 'Fine', [
        'Set-Cookie',
        'a=1',
        'X-One',
        '1',
        'set-cookie',
        'b=2',
        'Connection',
        'X-Two',
        'X-Two',
        '2',
        'Content-Length',
        '0',
      ])
      response.end()
    })
    const headers = [
      'Host',
      'elsewhere',
      'X-Api',
      'k',
      'Connection',
      'close, X-Mine',
      'X-Mine',
      '1',
      'TE',
      'trailers',
      'x-api',
      'l',
      'Upgrade',
      'h2c',
    ]
    const asked = request(between.url, { method: 'GET', path: '/base/x?q=1', headers }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    expect(seen).toEqual(['Host', `127.0.0.1:${port}`, 'X-Api', 'k', 'x-api', 'l', 'Connection', 'close'])
    expect(answer.statusMessage).toBe('Fine')
    expect(answer.rawHeaders.slice(0, 8)).toEqual([
      'Set-Cookie',
      'a=1',
      'X-One',
      '1',
      'set-cookie',
      'b=2',
      'Content-Length',
      '0',
    ])
  })

  it.each<readonly [method: string, length: string | undefined]>([
    ['GET', undefined],
    ['POST', '0'],
    ['DELETE', undefined],
  ])('a %s without content stays without', async (method, length) => {
    let seen: IncomingMessage | undefined
    await startBetween((incoming, response) => {
      seen = incoming
      response.end()
    })
    await (await fetch(`${between.url}/x`, { method })).text()
    expect([seen?.headers['content-length'], seen?.headers['transfer-encoding']]).toEqual([length, undefined])
  })

  it('the target is the path alone, wherever the client says it goes', async () => {
    const seen: (string | undefined)[] = []
    await startBetween((incoming, response) => {
      seen.push(incoming.url)
      response.end()
    })
    for (const path of ['http://elsewhere.example/x?q=1', '//elsewhere.example/y', 'http://elsewhere.example']) {
      await requestRaw(between.port, { method: 'GET', path })
    }
    expect(seen).toEqual(['/x?q=1', '//elsewhere.example/y', '/'])
    expect(between.log.map(({ path }) => path)).toEqual(['/x', '//elsewhere.example/y', '/'])
  })

  it('an upload streams through, byte for byte', async () => {
    const hash = createHash('sha256')
    await startBetween((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')))
    })
    const MEGABYTE = Buffer.alloc(2 ** 20, 'river')
    const expected = createHash('sha256')
    const upload = request(`${between.url}/upload`, { method: 'POST', headers: { 'content-type': 'audio/wav' } })
    for (let count = 0; count < 32; count += 1) {
      expected.update(MEGABYTE)
      if (!upload.write(MEGABYTE)) await once(upload, 'drain')
    }
    upload.end()
    const [answer] = (await once(upload, 'response')) as [IncomingMessage]
    expect((await answer.toArray()).join('')).toBe(expected.digest('hex'))
  })

  it('a client that does not read holds the upstream back, and has all of it once it reads', async () => {
    const CHUNK = Buffer.alloc(2 ** 20)
    const CHUNKS = 200
    let sent = 0
    await startBetween((_, response) => {
      const write = (): void => {
        while (sent < CHUNKS) {
          sent += 1
          if (!response.write(CHUNK)) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    })
    const asked = request(`${between.url}/big`).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    // All three are in this process: so it is turns of its loop that count, which are not fewer on a busy machine.
    const SLOW_READS = 100
    const TURNS = 100
    let [reads, read, mostAhead] = [0, 0, 0]
    for await (const bytes of answer) {
      read += (bytes as Buffer).length
      reads += 1
      const turns = reads <= SLOW_READS ? TURNS : 0
      for (let turn = 0; turn < turns; turn += 1) await setImmediate()
      mostAhead = Math.max(mostAhead, sent * CHUNK.length - read)
    }
    expect(read).toBe(CHUNKS * CHUNK.length)
    expect(mostAhead).toBeLessThan((CHUNKS / 2) * CHUNK.length)
  })

  it('trailers come through', async () => {
    await startBetween((_, response) => {
      response.writeHead(200, { trailer: 'X-Sum' })
      response.write('body')
      response.addTrailers({ 'X-Sum': '7' })
      response.end()
    })
    const asked = request(`${between.url}/x`).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    await answer.toArray()
    expect(answer.rawTrailers).toEqual(['X-Sum', '7'])
  })

  it('a client that leaves is left by the upstream, and logged', async () => {
    let left: (() => void) | undefined
    const isLeft = new Promise<void>((resolve) => (left = resolve))
    await startBetween((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {}\n\n')
      response.once('close', () => left?.())
    })
    const gone = new AbortController()
    const response = await fetch(`${between.url}/x`, { signal: gone.signal })
    gone.abort()
    await isLeft
    await expect(response.text()).rejects.toThrow('aborted')
    expect(between.log).toMatchObject([{ state: 'client_left' }])
  })

  it('close ends both sides', async () => {
    let left: (() => void) | undefined
    const isLeft = new Promise<void>((resolve) => (left = resolve))
    await startBetween((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {}\n\n')
      response.once('close', () => left?.())
    })
    const response = await fetch(`${between.url}/x`)
    await Promise.all([between.close(), between.close(), isLeft])
    await expect(response.text()).rejects.toThrow('terminated')
  })
})

describe('an upstream that fails', () => {
  it('by itself is logged with what it did', async () => {
    await using mine = await startFaultProxy({ upstream: upstream.baseURL })
    const direct = await askChat(upstream.port, 'fault:reset_inside_event')
    const proxied = await askChat(mine.port, 'fault:reset_inside_event')
    expect([proxied.end, direct.end]).toEqual(['reset', 'reset'])
    const closed = await askChat(mine.port, 'fault:cut_between_events')
    expect([closed.end, parseAnswer(closed).isWhole]).toEqual(['fin', false])
    expect(mine.log).toMatchObject([
      { state: 'upstream_failed', reason: 'ECONNRESET', upstreamStatus: 200, fault: undefined },
      { state: 'upstream_failed', reason: 'ECONNRESET', upstreamStatus: 200, fault: undefined },
    ])
  })

  it('to answer at all is a 502 that says so', async () => {
    const closed = await startFaultServer()
    await closed.close()
    await using mine = await startFaultProxy({ upstream: closed.baseURL })
    const response = await fetch(`${mine.baseURL}/models`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { type: 'proxy_error', code: 'upstream_failed' } })
    expect(mine.log).toMatchObject([{ state: 'upstream_failed', reason: 'ECONNREFUSED', upstreamStatus: undefined }])
  })
})

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('SKIP an upstream with TLS: install openssl')
    return false
  }
}

const describeTls = hasOpenssl() ? describe : describe.skip

describeTls('with TLS', () => {
  it('an upstream is reached', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fault-proxy-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        ...subject,
      ],
      { stdio: 'ignore' },
    )
    const secure = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, response) => {
      response.end(`secure ${incoming.headers.host}`)
    }).listen(0, 'localhost')
    await once(secure, 'listening')
    const { port } = secure.address() as AddressInfo
    const agent = new Agent({ ca: readFileSync(cert) })
    const trusting = await startFaultProxy({ upstream: `https://localhost:${port}/v1`, agent })
    const wary = await startFaultProxy({ upstream: `https://localhost:${port}/v1` })
    try {
      expect(await (await fetch(`${trusting.baseURL}/models`)).text()).toBe(`secure localhost:${port}`)
      expect((await fetch(`${wary.baseURL}/models`)).status).toBe(502)
      expect(wary.log).toMatchObject([{ reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }])
    } finally {
      await Promise.all([trusting.close(), wary.close()])
      secure.closeAllConnections()
      secure.close()
      rmSync(folder, { recursive: true })
    }
  })
})

it('listens on loopback alone unless told otherwise, and has the path of the upstream', async () => {
  expect(proxy.baseURL).toBe(`http://127.0.0.1:${proxy.port}/v1`)
  await using bare = await startFaultProxy({ upstream: 'https://example.com/' })
  expect(bare.baseURL).toBe(bare.url)
})

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', 'localhost'],
  ['127.0.0.1', '0.0.0.0'],
  ['localhost', 'localhost'],
  ['0.0.0.0', '127.0.0.1'],
  ['0.0.0.0', 'LOCALHOST'],
  ...(networkInterfaces()['lo']?.some(({ address }) => address === '::1') === true ? [['::1', '[::1]'] as const] : []),
])('on %s, an upstream that is the proxy itself (%s) is refused, and the port is free again', async (host, name) => {
  const free = createServer().listen(0, host)
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  await once(free, 'close')
  await expect(startFaultProxy({ host, port, upstream: `http://${name}:${port}/v1` })).rejects.toThrow(
    new RangeError(
      `Option "upstream" must be another server than the proxy itself, which listens there; received "http://${name.toLowerCase()}:${port}/v1".`,
    ),
  )
  await using other = await startFaultProxy({ host, port, upstream: `http://${name}:${port + 1}/v1` })
  expect(other.port).toBe(port)
})
