import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { FaultServer } from '@streamgauge/fault-server'
import { judgeArrival, type ArrivalVerdict } from '../../src/probe/judge-exchange.ts'
import { LIMIT_MS, runCli } from '../run-cli.ts'
import { findNginx, startNginx, type Nginx, type Route } from './nginx.ts'
import { NO_PROXY, probeJson, type ProbeRun } from './probe-json.ts'
import { startUpstream } from './upstream.ts'

jest.setTimeout(LIMIT_MS)

const program = findNginx()
if (program === undefined) console.log('SKIP real paths: apt-get install nginx-light openssl')
const describePaths = program === undefined ? describe.skip : describe

type Case = readonly [
  claim: string,
  route: Route,
  model: string,
  verdict: string,
  exitCode: number,
  arrivals: readonly ArrivalVerdict[],
]

const CASES: readonly Case[] = [
  ['buffering off lets events flow', 'unbuffered', 'fault:paced', 'healthy', 0, ['flows', 'flows']],
  ['HTTP/1.0 behind it lets events flow', 'http10', 'fault:paced', 'healthy', 0, ['flows', 'flows']],
  ['compression that is flushed lets events flow', 'gzip_unbuffered', 'fault:paced', 'healthy', 0, ['flows', 'flows']],
  [
    'compression and buffering hold back what is compressed',
    'gzip_buffered',
    'fault:paced',
    'harmful',
    60,
    ['held_back', 'flows'],
  ],
  ['X-Accel-Buffering: no lets events flow', 'gzip_buffered', 'fault:paced_accel', 'healthy', 0, ['flows', 'flows']],
  ['an error page is no OpenAI-like server', 'error_page', 'any', 'not_openai', 63, ['unclear']],
  ['a redirect is not followed', 'redirect', 'any', 'not_openai', 63, ['unclear']],
  [
    'buffering on, in front of HTTP/1.0, sends blocks',
    'defaults',
    'fault:quick',
    'harmful',
    60,
    ['in_bursts', 'in_bursts'],
  ],
]

/** Probes that run beside each other. */
const AT_ONCE = 4

describePaths('behind a real nginx', () => {
  let upstream: FaultServer
  let nginx: Nginx
  const runs = new Map<string, ProbeRun>()

  beforeAll(async () => {
    upstream = await startUpstream()
    nginx = await startNginx(program ?? '', upstream.port)
    const runCase = async ([name, route, model]: Case): Promise<void> =>
      void runs.set(name, await probeJson([nginx.baseURL(route), '--model', model]))
    // A probe waits most of the time.
    for (let from = 0; from < CASES.length; from += AT_ONCE) {
      await Promise.all(CASES.slice(from, from + AT_ONCE).map(runCase))
    }
  }, LIMIT_MS)

  afterAll(async () => {
    await nginx.stop()
    await upstream.close()
  })

  it.each(CASES)('%s', (name, _route, _model, verdict, exitCode, arrivals) => {
    const run = runs.get(name)
    const [result] = run?.probes ?? []
    expect({
      verdict: result?.verdict,
      exitCode: run?.exitCode,
      arrivals: result?.exchanges.map(judgeArrival),
      hops: result?.exchanges[0]?.hops,
    }).toEqual({ verdict, exitCode, arrivals, hops: ['nginx'] })
  })

  it('a redirect is told of with where it goes, and the key stays here', async () => {
    const run = await probeJson([nginx.baseURL('redirect'), '--model', 'any'], { OPENAI_API_KEY: 'sk-here' })
    expect(run.probes[0]?.findings[0]?.text).toMatch(
      /redirects to another server, which the key was not sent to: probe https:\/\/elsewhere\.example\/v1 instead/,
    )
  })

  it('over TLS, HTTP/2 is asked as well, and a private authority is named', async () => {
    const run = await probeJson([nginx.baseURL('tls'), '--model', 'fault:paced'], {
      NODE_EXTRA_CA_CERTS: nginx.certificate,
    })
    const [result] = run.probes
    expect({
      exitCode: run.exitCode,
      offersHttp2: result?.offersHttp2,
      exchanges: result?.exchanges.map((exchange) => [exchange.asking, exchange.httpVersion, judgeArrival(exchange)]),
      tls: result?.exchanges.map(({ tls }) => tls?.issuer),
    }).toEqual({
      exitCode: 0,
      offersHttp2: true,
      exchanges: [
        ['sdk', '1.1', 'flows'],
        ['identity', '1.1', 'flows'],
        ['http2', '2', 'flows'],
      ],
      tls: Array.from({ length: 3 }, () => 'Inspecting Proxy Ltd'),
    })
    expect(result?.findings).toContainEqual({
      level: 'warning',
      subject: 'TLS',
      text: 'The certificate is by Inspecting Proxy Ltd, which is no public authority: a proxy that opens TLS, or a private server.',
      remedy: 'A proxy that reads all that passes may hold it back: ask who runs it to let this host through unopened.',
    })
  })

  it('a certificate that nobody knows is told of with its remedy', async () => {
    const run = await probeJson([nginx.baseURL('tls'), '--model', 'any'])
    expect([run.exitCode, run.probes[0]?.findings.map(({ text }) => text)]).toEqual([
      61,
      [
        expect.stringMatching(
          /^The certificate of localhost:\d+ is not signed by anybody known here: .*NODE_EXTRA_CA_CERTS\.$/,
        ),
      ],
    ])
  })

  it('--compare says what lies between', async () => {
    const run = await probeJson([
      nginx.baseURL('gzip_buffered'),
      '--compare',
      upstream.baseURL,
      '--model',
      'fault:paced',
    ])
    expect(run.exitCode).toBe(60)
    expect(run.probes.map(({ verdict }) => verdict)).toEqual(['harmful', 'healthy'])
    expect(run.comparison?.map(({ level, subject }) => [level, subject])).toEqual([
      ['problem', 'arrival'],
      ['note', 'first event'],
      ['note', 'compression'],
      ['note', 'hops'],
    ])
    expect(run.comparison?.[0]).toMatchObject({
      text: 'Events come late and at once here, and as they are made there (as the SDK asks): what lies between holds them back.',
      remedy: 'Leave text/event-stream uncompressed, or have whoever compresses it flush after each event.',
    })
  })

  it('prints the same as tables for people', async () => {
    const { stdout, exitCode } = await runCli(
      [
        'probe',
        nginx.baseURL('gzip_buffered'),
        '--compare',
        nginx.baseURL('unbuffered'),
        '--model',
        'fault:paced',
        '--yes',
      ],
      { env: NO_PROXY },
    )
    expect(exitCode).toBe(60)
    expect(stdout).toMatch(
      /^as the SDK asks\n +here +there\n[─ ]+\nverdict +held back +flows\narrival +·+█ +[▁-█·]+\n/m,
    )
    expect(stdout).toMatch(/\nWhat lies between\n✗ Events come late and at once here/)
    expect(stdout).toMatch(/\n✗ Streams are harmed on this way\.\n$/)
  })
})
