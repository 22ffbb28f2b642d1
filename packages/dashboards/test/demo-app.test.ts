import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from '@jest/globals'
import { FAULTS, HEALTHY, startFaultServer } from '@streamgauge/fault-server'

const DEMO = join(import.meta.dirname, '../stack/demo')

/** Telemetry settings of whoever runs the tests, which would change what they see. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|DEMO_|NODE_OPTIONS$)/

/** It takes some 50 ms; this is for busy machines, and below the 3 s that a flush may take when nobody answers. */
const STOP_LIMIT_MS = 2500

interface DataPoint {
  readonly asInt?: string | number
  readonly asDouble?: number
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string
        readonly sum?: { readonly dataPoints: readonly DataPoint[] }
      }[]
    }[]
  }[]
}

interface Receiver {
  readonly url: string
  /** What a counter counted, by the values of the attributes asked for; series at 0 are left out. */
  count(metric: string, ...attributes: readonly string[]): Record<string, number>
  /** Spans that have come, by name. */
  readonly spans: Map<string, number>
  exports: number
  close(): void
}

/** Takes OTLP/HTTP in JSON on loopback; of metrics, it keeps the last export. */
async function startReceiver(): Promise<Receiver> {
  let last: MetricsRequest = { resourceMetrics: [] }
  const spans = new Map<string, number>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (request.url === '/v1/metrics') {
        last = JSON.parse(body) as MetricsRequest
        receiver.exports += 1
      }
      if (request.url === '/v1/traces') {
        for (const [, name = ''] of body.matchAll(/"name":"(chat [^"]*|streamgauge\.chunk)"/g)) {
          spans.set(name, (spans.get(name) ?? 0) + 1)
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    exports: 0,
    count(metric, ...attributes) {
      const metrics = last.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      const points = metrics.find(({ name }) => name === metric)?.sum?.dataPoints ?? []
      const counts: Record<string, number> = {}
      for (const point of points) {
        const value = Number(point.asInt ?? point.asDouble)
        const valueOf = (key: string): string => point.attributes.find((a) => a.key === key)?.value.stringValue ?? ''
        const name = attributes.map(valueOf).join(' ')
        if (value > 0) counts[name] = (counts[name] ?? 0) + value
      }
      return counts
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Started {
  readonly child: ChildProcess
  readonly receiver: Receiver
  /** The next line that it prints. */
  readonly nextLine: () => Promise<string>
  readonly errors: () => string
}

/** Starts the application as the image does, with a fault server and a receiver of its own. */
async function startApp(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const receiver = await startReceiver()
  // Stalls as long as in the demo would be too long for a test.
  const server = await startFaultServer({ timeScale: 0.1, delayMs: 2 })
  closing.push(
    () => receiver.close(),
    () => server.close(),
  )
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const register = ['--import', '@streamgauge/instrumentation-openai/register']
  const child = spawn(process.execPath, [...register, 'app.mjs', ...args], {
    cwd: DEMO,
    env: {
      ...Object.fromEntries(own),
      FAULT_SERVER_PORT: String(server.port),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_METRIC_EXPORT_TIMEOUT: '200',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
      STREAMGAUGE_CHUNK_SPANS: 'all',
      STREAMGAUGE_STALL_THRESHOLD_MS: '380',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  closing.push(() => child.kill('SIGKILL'))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  return { child, receiver, nextLine, errors: () => errors }
}

/** How long it took to end, and what by. */
async function stop(child: ChildProcess): Promise<{ readonly signal: NodeJS.Signals | null; readonly tookMs: number }> {
  const startedAtMs = performance.now()
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  child.kill('SIGTERM')
  const [, signal] = await closed
  return { signal, tookMs: performance.now() - startedAtMs }
}

const PLAN = [
  { model: 'gpt-5-mini', host: '127.0.0.1', count: 40 },
  { model: 'gpt-5', host: 'localhost', count: 20 },
  { model: 'gpt-5-mini', host: '127.0.0.1', fault: 'cut_inside_event', count: 3 },
  { model: 'gpt-5-mini', host: '127.0.0.1', fault: 'cut_json', count: 2 },
  { model: 'gpt-5', host: 'localhost', fault: 'no_done', count: 4 },
  { model: 'gpt-5', host: 'localhost', fault: 'reset_inside_event', count: 5 },
  { model: 'gpt-5', host: 'localhost', fault: 'html_page', count: 1 },
  { model: 'gpt-5', host: 'localhost', fault: 'upstream_error', count: 6 },
  { model: 'gpt-5', host: '127.0.0.1', fault: 'stall_then_continue', count: 2 },
  { model: 'gpt-5', host: '127.0.0.1', fault: 'http_429', count: 1 },
]

test('a plan is carried out exactly, its telemetry goes on until SIGTERM, and that ends it', async () => {
  const { child, receiver, nextLine, errors } = await startApp([JSON.stringify(PLAN)])
  expect(JSON.parse(await nextLine())).toEqual({ done: true })
  const exports = receiver.exports
  while (receiver.exports < exports + 2) await new Promise((resolve) => setTimeout(resolve, 50))

  const route = ['gen_ai.request.model', 'server.address'] as const
  expect(receiver.count('streamgauge.stream.ended', ...route, 'streamgauge.stream.outcome')).toEqual({
    'gpt-5-mini 127.0.0.1 completed': 40,
    'gpt-5-mini 127.0.0.1 broken': 5,
    'gpt-5 localhost completed': 20,
    'gpt-5 localhost broken': 16,
    'gpt-5 127.0.0.1 completed': 2,
    'gpt-5 127.0.0.1 broken': 1,
  })
  expect(receiver.count('streamgauge.stream.faults', ...route, 'error.type')).toEqual({
    'gpt-5-mini 127.0.0.1 truncated_event': 3,
    'gpt-5-mini 127.0.0.1 malformed_event': 2,
    'gpt-5 localhost missing_terminator': 4,
    'gpt-5 localhost connection_reset': 5,
    'gpt-5 localhost not_event_stream': 1,
    'gpt-5 localhost upstream_error': 6,
    'gpt-5 127.0.0.1 429': 1,
  })
  expect(receiver.count('streamgauge.stream.parse_errors', ...route)).toEqual({
    'gpt-5-mini 127.0.0.1': 5,
    'gpt-5 localhost': 6,
  })
  expect(receiver.count('streamgauge.stream.anomalies', ...route, 'streamgauge.anomaly.type')).toMatchObject({
    'gpt-5 127.0.0.1 stalled': 2,
  })

  const { signal, tookMs } = await stop(child)
  expect(signal).toBe('SIGTERM')
  expect(tookMs).toBeLessThan(STOP_LIMIT_MS)
  // What was still in the queues went out.
  const streams = PLAN.reduce((sum, { count }) => sum + count, 0)
  const { spans } = receiver
  expect((spans.get('chat gpt-5-mini') ?? 0) + (spans.get('chat gpt-5') ?? 0)).toBe(streams)
  expect(spans.get('streamgauge.chunk')).toBeGreaterThan(streams)
  expect(errors()).toBe('')
})

test('without a plan it reads streams of both hosts until SIGTERM, which ends those that are open', async () => {
  const env = { DEMO_STREAMS_PER_SECOND: '200', DEMO_SEED: '7' }
  const { child, receiver, nextLine, errors } = await startApp([], env)
  expect(await nextLine()).toBe('About 200 streams a second, with seed 7.')
  expect(await nextLine()).toBe('127.0.0.1 begins to cut its answers.')
  const ended = (): number =>
    Object.values(receiver.count('streamgauge.stream.ended')).reduce((sum, count) => sum + count, 0)
  while (ended() < 200) await new Promise((resolve) => setTimeout(resolve, 50))
  const { signal, tookMs } = await stop(child)
  expect(signal).toBe('SIGTERM')
  expect(tookMs).toBeLessThan(STOP_LIMIT_MS)
  expect(Object.keys(receiver.count('streamgauge.stream.ended', 'server.address')).toSorted()).toEqual([
    '127.0.0.1',
    'localhost',
  ])
  expect(receiver.count('streamgauge.stream.faults', 'server.address', 'error.type')).toMatchObject({
    '127.0.0.1 truncated_event': expect.any(Number),
    '127.0.0.1 connection_reset': expect.any(Number),
  })
  expect(errors()).toBe('')
})

test.each([
  ['nonsense', 'demo: Unexpected token'],
  ['[{"model":"gpt-5","host":"localhost"}]', 'demo: a plan is [{ "model"'],
  ['[null]', 'demo: a plan is [{ "model"'],
])('the plan %s is refused in one line', async (plan, said) => {
  const { child, errors } = await startApp([plan])
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(2)
  expect(errors()).toContain(said)
  expect(errors().trim().split('\n')).toHaveLength(1)
})

interface Request {
  readonly host: string
  readonly model: string
  readonly fault: string | undefined
  readonly isCancelled: boolean
}

interface Traffic {
  readonly createTraffic: (
    seed: number,
    streamsPerSecond: number,
  ) => { next(elapsedMs: number): { readonly request: Request; readonly waitMs: number } }
  readonly hostInTrouble: (elapsedMs: number) => string | undefined
}

const { createTraffic, hostInTrouble } = (await import(join(DEMO, 'traffic.mjs'))) as Traffic

/** Some hours of requests, with their times. */
function listRequests(seed: number, hours: number): readonly (Request & { readonly atMs: number })[] {
  const traffic = createTraffic(seed, 10)
  const requests = []
  for (let atMs = 0; atMs < hours * 3_600_000;) {
    const { request, waitMs } = traffic.next(atMs)
    requests.push({ ...request, atMs })
    atMs += waitMs
  }
  return requests
}

test('the same seed asks for the same streams, and another one for others', () => {
  expect(listRequests(1, 0.01)).toEqual(listRequests(1, 0.01))
  expect(listRequests(1, 0.01)).not.toEqual(listRequests(2, 0.01))
})

test('it is about ten streams a second, of which 97 % are healthy while nobody is in trouble', () => {
  const requests = listRequests(1, 2)
  expect(requests.length / 7200).toBeCloseTo(10, 0)
  const calm = requests.filter(({ atMs }) => hostInTrouble(atMs) === undefined)
  const healthy = calm.filter(({ fault }) => fault === undefined)
  expect(healthy.length / calm.length).toBeCloseTo(0.97, 2)
  const known = [...FAULTS, ...HEALTHY].map(({ name }) => name)
  expect(known).toEqual(expect.arrayContaining([...new Set(requests.map(({ fault = 'plain' }) => fault))]))
  expect(new Set(requests.map(({ host }) => host))).toEqual(new Set(['127.0.0.1', 'localhost']))
  expect(requests.filter(({ model }) => model.includes(':'))).toEqual([])
})

// Of what cannot be parsed an alert takes 1.44 % in an hour and five minutes, and 0.6 % in six hours and half an hour.
const PARSE_ERRORS = new Set(['cut_inside_event', 'reset_inside_event', 'cut_json', 'html_page'])
const parseErrorShare = (requests: readonly Request[]): number =>
  requests.filter(({ fault = '' }) => PARSE_ERRORS.has(fault)).length / requests.length

test('an incident is far above what an alert takes, and calm far below it', () => {
  const requests = listRequests(1, 2)
  const during = requests.filter(({ atMs, host }) => hostInTrouble(atMs) === host)
  expect(parseErrorShare(during)).toBeGreaterThan(0.2)
  const calm = requests.filter(({ atMs, host }) => hostInTrouble(atMs) !== host)
  expect(parseErrorShare(calm)).toBeLessThan(0.004)
})

test('hosts get into trouble by turns, the first one at once, and are well for longer than the alert looks back', () => {
  const minutes = Array.from({ length: 100 }, (_, minute) => hostInTrouble(minute * 60_000))
  const inTrouble = minutes.map((host, minute) => [minute, host] as const).filter(([, host]) => host !== undefined)
  const turns = inTrouble.filter(([minute]) => minutes[minute - 1] === undefined)
  expect(turns.map(([, host]) => host)).toEqual(['127.0.0.1', 'localhost', '127.0.0.1', 'localhost'])
  expect(turns[0]?.[0]).toBe(0)
  const ends = minutes.findIndex((host) => host === undefined)
  // The growth of 5 minutes is added up over 30.
  expect((turns[2]?.[0] ?? 0) - ends).toBeGreaterThan(35)
})
