import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { LIMIT_MS, runCli, startCli } from '../run-cli.ts'
import { listen } from './listening.ts'
import { NO_PROXY, probeJson } from './probe-json.ts'
import { startUpstream } from './upstream.ts'

jest.setTimeout(LIMIT_MS)

const KEY = 'sk-test-0123456789abcdefghij'
let upstream: FaultServer

beforeAll(async () => {
  upstream = await startUpstream()
})

afterAll(async () => {
  await upstream.close()
})

/** A server that answers every request so; says where its base URL is. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createHttpServer((request, response) => void answer(request, response))
  return `http://127.0.0.1:${await listen(server)}/v1`
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  return JSON.parse((await request.setEncoding('utf8').toArray()).join('')) as Record<string, unknown>
}

describe('a command line that makes no sense is one sentence on stderr, and exit code 2', () => {
  const URL = 'http://127.0.0.1:9/v1'
  it.each<readonly [string, readonly string[], RegExp]>([
    ['no URL', ['--model', 'm'], /probe takes one base URL, such as .*, but got 0\./],
    ['two URLs', [URL, URL, '--model', 'm'], /but got 2\./],
    ['no URL at all', ['not a url', '--model', 'm'], /needs a base URL such as .*, but got "not a url"\./],
    ['another protocol', ['ftp://host/v1', '--model', 'm'], /but got "ftp:\/\/host\/v1"\./],
    ['credentials in the URL', ['http://me:secret@host/v1', '--model', 'm'], /has credentials in it: put the key into/],
    ['credentials in what is no URL', ['me:secret@host/v1', '--model', 'm'], /but got "\*\*\*@host\/v1"\./],
    [
      'a slash in the password of what is no URL',
      ['http://me:sec/secret@host/v1', '--model', 'm'],
      /but got "http:\/\/\*\*\*@host\/v1"\./,
    ],
    ['no model', [URL], /probe needs --model/],
    [
      'a key in place of a name',
      [URL, '--model', 'm', '--key-env', KEY],
      /--key-env must be the name .*, not the key itself\./,
    ],
    [
      'a variable that is not set, whose name may be a key',
      [URL, '--model', 'm', '--key-env', 'gsk_secret'],
      /The variable that --key-env names is not set, or is empty\./,
    ],
    [
      'the variable of the other server that is not set',
      [URL, '--model', 'm', '--compare', URL, '--compare-key-env', 'gsk_secret'],
      /The variable that --compare-key-env names is not set, or is empty\./,
    ],
    [
      'an unknown interface',
      [URL, '--model', 'm', '--api', 'images'],
      /--api must be chat or responses, but was "images"\./,
    ],
    [
      'no time',
      [URL, '--model', 'm', '--timeout', '0'],
      /--timeout must be a whole number from 1 to 3600, but was "0"\./,
    ],
    [
      'too many tokens',
      [URL, '--model', 'm', '--max-tokens', '1e9'],
      /--max-tokens must be .* from 1 to 4096, but was "1e9"\./,
    ],
    ['an unknown option', [URL, '--model', 'm', '--key', KEY], /Unknown option '--key'/],
    [
      'nobody to be asked',
      [URL, '--model', 'm'],
      /would send 2 requests, which take up to 512 output and 100 input tokens: say --yes/,
    ],
  ])('%s', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(['probe', ...args], { env: NO_PROXY })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^streamgauge: [^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain(KEY)
    expect(stderr).not.toContain('secret')
  })

  it.each<readonly [string, readonly string[], Readonly<Record<string, string>>]>([
    ['to another machine', ['http://model.invalid/v1'], {}],
    ['to the second of two', [URL, '--compare', 'http://model.invalid/v1'], {}],
    ['through a proxy on another machine', ['http://localhost:9/v1'], { HTTP_PROXY: 'http://proxy.invalid' }],
  ])('a key over http:// %s', async (_, args, proxy) => {
    const env = { ...NO_PROXY, ...proxy, OPENAI_API_KEY: KEY }
    const { stderr, exitCode } = await runCli(['probe', ...args, '--model', 'm', '--yes'], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^streamgauge: The key of OPENAI_API_KEY would go to (model\.invalid|localhost:9) unencrypted, [^\n]*: use https:\/\/, or say --allow-http\.\n$/,
    )
  })

  it('which --allow-http allows; and of each server it is said whose key it gets', async () => {
    const env = { ...NO_PROXY, OPENAI_API_KEY: KEY }
    const args = ['probe', URL, '--compare', 'http://model.invalid/v1', '--allow-http', '--model', 'm', '--yes']
    const { stderr, exitCode } = await runCli(args, { env })
    expect(exitCode).toBe(61)
    expect(stderr).toMatch(/ http:\/\/127\.0\.0\.1:9\/\S+ {2}model m, the key of OPENAI_API_KEY\n/)
    expect(stderr).toMatch(/ http:\/\/model\.invalid\/\S+ {2}model m, the key of OPENAI_API_KEY\n/)
  })

  it('a key with a line break, which is not shown', async () => {
    const env = { ...NO_PROXY, OPENAI_API_KEY: `${KEY}\nx: y` }
    const { stderr, exitCode } = await runCli(['probe', URL, '--model', 'm', '--yes'], { env })
    expect({ stderr, exitCode }).toEqual({
      stderr: 'streamgauge: What OPENAI_API_KEY holds cannot be a key: it has blanks or other signs inside.\n',
      exitCode: 2,
    })
  })

  it('a proxy that is none', async () => {
    const env = { ...NO_PROXY, HTTP_PROXY: 'socks5://127.0.0.1:1' }
    const { stderr, exitCode } = await runCli(['probe', URL, '--model', 'm', '--yes'], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/\nstreamgauge: HTTP_PROXY must name an HTTP proxy such as [^\n]*\.\n$/)
  })
})

describe('a server that is not there, or is something else', () => {
  /** What the only finding says, and the exit code. */
  const outcome = async (url: string, ...args: readonly string[]): Promise<readonly [number | null, string]> => {
    const run = await probeJson([url, '--model', 'm', ...args], { OPENAI_API_KEY: KEY })
    return [run.exitCode, run.probes[0]?.findings[0]?.text ?? '']
  }

  it('nobody listens', async () => {
    const server = createTcpServer()
    const port = await listen(server)
    server.close()
    await once(server, 'close')
    expect(await outcome(`http://127.0.0.1:${port}/v1`)).toEqual([
      61,
      `Nobody listens on 127.0.0.1:${port}: the connection was refused; start the server, or correct the port.`,
    ])
  })

  it('a name that does not resolve', async () => {
    const [exitCode, sentence] = await outcome('https://no-such-host.invalid/v1')
    expect(exitCode).toBe(61)
    expect(sentence).toMatch(/^The name no-such-host\.invalid (does not resolve|could not be looked up): /)
  })

  it('TLS where there is none', async () => {
    const [exitCode, sentence] = await outcome(upstream.baseURL.replace('http:', 'https:'))
    expect([exitCode, sentence]).toEqual([
      61,
      `127.0.0.1:${upstream.port} does not speak TLS: try http:// in place of https://.`,
    ])
  })

  it('something that speaks no HTTP', async () => {
    const port = await listen(createTcpServer((socket) => void socket.on('error', () => {}).end('220 ESMTP ready\r\n')))
    const [exitCode, sentence] = await outcome(`http://127.0.0.1:${port}/v1`)
    expect(exitCode).toBe(63)
    expect(sentence).toMatch(/does not speak HTTP \(HPE_\w+\)/)
  })

  it('something that takes connections and says nothing', async () => {
    const sockets = createTcpServer((socket) => void socket.on('error', () => {}).resume())
    const [exitCode, sentence] = await outcome(`http://127.0.0.1:${await listen(sockets)}/v1`, '--timeout', '1')
    expect(exitCode).toBe(61)
    expect(sentence).toMatch(/ did not answer within 1 s: it hangs, or the model takes longer \(--timeout\)\.$/)
  })

  it('something that answers with another protocol', async () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
    const port = await listen(
      createTcpServer((socket) => void socket.on('error', () => {}).once('data', () => socket.write(switching))),
    )
    const [exitCode, sentence] = await outcome(`http://127.0.0.1:${port}/v1`)
    expect(exitCode).toBe(61)
    expect(sentence).toMatch(/ closed the connection before it answered: /)
  })

  it.each(['constructor', '__proto__', 'rot13'])('a body compressed by %s is read as it is', async (encoding) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding })
      response.end('data: [DONE]\n\n')
    })
    const run = await probeJson([url, '--model', 'm'])
    expect(run.probes[0]?.exchanges.map(({ stop, sawDone }) => [stop, sawDone])).toEqual([
      ['end', true],
      ['end', true],
    ])
  })

  it.each([
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('a body compressed by %s (%p) is read', async (encoding, compress) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding })
      response.end(compress('data: [DONE]\n\n'))
    })
    const run = await probeJson([url, '--model', 'm'])
    expect(run.probes[0]?.exchanges.map(({ stop, sawDone }) => [stop, sawDone])).toEqual([
      ['end', true],
      ['end', true],
    ])
  })

  it('a base URL without its /v1', async () => {
    const server = await startFaultServer()
    const run = await outcome(server.url)
    await server.close()
    expect(run).toEqual([
      63,
      `There is nothing at /chat/completions of 127.0.0.1:${server.port}: status 404; the base URL lacks its /v1: try ${server.url}/v1.`,
    ])
  })

  it('a model that is not known there', async () => {
    const url = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end('{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}')
    })
    const [exitCode, sentence] = await outcome(url)
    expect(exitCode).toBe(64)
    expect(sentence).toMatch(/ has no model "m" \(The model `m` does not exist\): choose another with --model\.$/)
  })

  it('a server that says the key back does not have it printed', async () => {
    const url = await serve((request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: `Bad key ${request.headers.authorization}.` } }))
    })
    const [exitCode, sentence] = await outcome(url)
    expect(exitCode).toBe(62)
    expect(sentence).toMatch(
      /^The key of OPENAI_API_KEY was refused by 127\.0\.0\.1:\d+: status 401 \(Bad key Bearer \*\*\*\)\.$/,
    )
  })

  it('a redirect that says the key back does not have it printed', async () => {
    const url = await serve(({ headers }, response) => {
      const key = encodeURIComponent((headers.authorization ?? '').replace('Bearer ', ''))
      response.writeHead(302, { location: `https://elsewhere.example/v1/chat/completions?key=${key}` }).end()
    })
    const [exitCode, sentence] = await outcome(url)
    expect(exitCode).toBe(63)
    expect(sentence).toMatch(/ redirects to another server, .*: probe https:\/\/elsewhere\.example\/v1\?key=\*\*\* /)
  })

  it('escape sequences of a server do nothing', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500, { 'content-type': 'application/json', server: 'x\u009b31m' })
      response.end(JSON.stringify({ error: { message: '\u001b[2J\u202eboo' } }))
    })
    const { stdout } = await runCli(['probe', url, '--model', 'm', '--yes'], { env: NO_PROXY })
    expect(stdout).toMatch(/\(\\u\{1b\}\[2J\\u\{202e\}boo\)/)
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('a server that does not stop', () => {
  it('events without an end take bounded time, and are given up', async () => {
    const run = await probeJson([upstream.baseURL, '--model', 'fault:endless'])
    expect(run.exitCode).toBe(60)
    expect(run.probes[0]?.exchanges.map(({ stop }) => stop)).toEqual(['too_long', 'too_long'])
    expect(run.probes[0]?.findings.map(({ text }) => text)).toContain(
      'The answer was longer than any of so few tokens: given up after 4 MiB.',
    )
  })

  it('a gigabyte of something else takes bounded memory', async () => {
    let sent = 0
    const block = Buffer.alloc(65_536, 'x')
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': `${2 ** 30}` })
      const write = (): void => {
        while (!response.destroyed && sent < 2 ** 30) {
          sent += block.length
          if (!response.write(block)) return void response.once('drain', write)
        }
      }
      write()
    })
    const run = await probeJson([url, '--model', 'm'], { NODE_OPTIONS: '--max-old-space-size=64' })
    expect([run.exitCode, run.probes[0]?.exchanges[0]?.stop]).toEqual([60, 'too_long'])
    expect(sent).toBeLessThan(32 * 2 ** 20)
  })

  it('Ctrl-C ends it with 130 long before the time of the request is over, and nothing of it is left', async () => {
    let ask: ((response: ServerResponse) => void) | undefined
    const asked = new Promise<ServerResponse>((resolve) => (ask = resolve))
    const url = await serve((_, response) => ask?.(response))
    // Whatever waits for that is killed before.
    const time = ['--timeout', `${(2 * LIMIT_MS) / 1000}`]
    const cli = startCli(['probe', url, '--model', 'm', '--yes', ...time], { env: NO_PROXY })
    const response = await asked
    process.kill(cli.pid, 'SIGINT')
    const { stdout, exitCode } = await cli.ended
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 130 })
    response.destroy()
  })
})

describe('what is sent', () => {
  it('a key goes out as a bearer token, with what the SDK accepts, and the limit that was said', async () => {
    const requests: (readonly [IncomingMessage['headers'], unknown])[] = []
    const url = await serve(async (request, response) => {
      requests.push([request.headers, await bodyOf(request)])
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
    })
    await probeJson([`${url}/chat/completions/`, '--model', 'm', '--max-tokens', '99', '--key-env', 'MY_KEY'], {
      MY_KEY: KEY,
    })
    expect(requests.map(([headers, body]) => [headers.authorization, headers['accept-encoding'], body])).toEqual(
      ['gzip, deflate', 'identity'].map((encoding) => [
        `Bearer ${KEY}`,
        encoding,
        expect.objectContaining({ model: 'm', stream: true, max_tokens: 99 }),
      ]),
    )
  })

  it('a server that wants the other name of the limit gets it', async () => {
    const bodies: Record<string, unknown>[] = []
    const url = await serve(async (request, response) => {
      const body = await bodyOf(request)
      bodies.push(body)
      if ('max_tokens' in body) {
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end(
          `{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}}`,
        )
      } else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
    })
    await probeJson([url, '--model', 'm'])
    expect(bodies.map((body) => 'max_completion_tokens' in body)).toEqual([false, true, true])
  })
})
