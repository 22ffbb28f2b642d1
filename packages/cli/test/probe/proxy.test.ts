import { createServer as createHttpServer } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { LIMIT_MS } from '../run-cli.ts'
import { listen } from './listening.ts'
import { probeJson } from './probe-json.ts'

jest.setTimeout(LIMIT_MS)

let upstream: FaultServer

beforeAll(async () => {
  upstream = await startFaultServer()
})

afterAll(async () => {
  await upstream.close()
})

describe('with a proxy in the environment', () => {
  it('requests go through the proxy that the environment names, and it is said', async () => {
    const asked: (readonly [unknown, unknown])[] = []
    const port = await listen(
      createHttpServer((request, response) => {
        asked.push([request.url, request.headers['proxy-authorization']])
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
      }),
    )
    const run = await probeJson(['http://model.example/v1', '--model', 'm'], {
      HTTP_PROXY: `me:secret@127.0.0.1:${port}`,
    })
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`
    expect(asked).toEqual(Array.from({ length: 2 }, () => ['http://model.example/v1/chat/completions', authorization]))
    expect(run.probes[0]?.proxy).toBe(`http://127.0.0.1:${port} (HTTP_PROXY)`)
    expect(JSON.stringify(run)).not.toContain('secret')
  })

  it.each([
    [
      'http://127.0.0.1:1',
      /^Nobody listens on 127\.0\.0\.1:1, the proxy that HTTP_PROXY names: start it, or correct that\.$/,
    ],
    [
      'http://no-such-proxy.invalid',
      /^The name no-such-proxy\.invalid, of the proxy that HTTP_PROXY names, (does not resolve|could not be looked up): /,
    ],
  ])('a proxy that is not there (%s) is told of, and not the server', async (address, sentence) => {
    const run = await probeJson(['http://model.example/v1', '--model', 'm'], { HTTP_PROXY: address })
    expect([run.exitCode, run.probes[0]?.findings[0]?.text]).toEqual([61, expect.stringMatching(sentence)])
  })

  it('a proxy that lets nothing through is told of', async () => {
    const proxy = createHttpServer().on(
      'connect',
      (_, socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    )
    const address = `http://127.0.0.1:${await listen(proxy)}`
    const run = await probeJson(['https://model.example/v1', '--model', 'm'], { HTTPS_PROXY: address })
    expect([run.exitCode, run.probes[0]?.findings[0]?.text]).toEqual([
      61,
      `The way to model.example through the proxy ${address} (HTTPS_PROXY) is refused with status 407: it wants other credentials in its URL.`,
    ])
  })

  it.each(['http://model.example/v1', 'https://model.example/v1'])(
    'on the way to %s, a proxy that should speak TLS and does not is told of, and not the server',
    async (url) => {
      const host = `127.0.0.1:${await listen(createHttpServer())}`
      const run = await probeJson([url, '--model', 'm'], { ALL_PROXY: `https://${host}` })
      expect([run.exitCode, run.probes[0]?.findings[0]?.text]).toEqual([
        61,
        `${host}, the proxy that ALL_PROXY names, does not speak TLS: name it with http:// in place of https://.`,
      ])
    },
  )

  it('through a tunnel, TLS is spoken with the server', async () => {
    const proxy = createHttpServer().on('connect', (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const onward = connect(upstream.port, '127.0.0.1')
      socket
        .on('error', () => onward.destroy())
        .pipe(onward.on('error', () => socket.destroy()))
        .pipe(socket)
    })
    const address = `http://127.0.0.1:${await listen(proxy)}`
    const run = await probeJson(['https://model.example/v1', '--model', 'm'], { HTTPS_PROXY: address })
    // What the proxy leads to here speaks no TLS.
    expect([run.exitCode, run.probes[0]?.findings[0]?.text]).toEqual([
      61,
      expect.stringMatching(
        /^model\.example does not speak TLS through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\): /,
      ),
    ])
  })
})
