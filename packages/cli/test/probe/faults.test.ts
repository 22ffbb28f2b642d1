import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  expectedFor,
  FAULTS,
  HEALTHY,
  speaks,
  startFaultServer,
  type FaultServer,
  type Injector,
} from '@streamgauge/fault-server'
import { runProbe, type ProbeResult } from '../../src/probe/run-probe.ts'
import { readTarget, type ProbeApi } from '../../src/probe/target.ts'
import { LIMIT_MS } from '../run-cli.ts'

// Every fault of the fault server: a probe says of it what the instrumentation says.
jest.setTimeout(LIMIT_MS)

/** Long enough for what the fault server holds back (4.5 s) on a busy machine, short enough for what never comes. */
const TIMEOUT_MS = 9000
/** Probes that run beside each other: they wait most of the time. */
const AT_ONCE = 8

type Case = readonly [name: string, injector: Injector, api: ProbeApi]

const CASES: readonly Case[] = [...FAULTS, ...HEALTHY].flatMap((injector) =>
  (['chat', 'responses'] as const)
    .filter((api) => speaks(injector, api) && (api === 'chat' || !speaks(injector, 'chat')))
    .map((api): Case => [`${injector.name} (${api})`, injector, api]),
)

/** What only a client that asked for it can miss, and what takes longer than the time that a probe here has. */
const UNASKED: ReadonlySet<string> = new Set(['usage_missing', 'stalled'])

const results = new Map<string, ProbeResult>()
let server: FaultServer

beforeAll(async () => {
  server = await startFaultServer()
  const left = [...CASES]
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, { name: injector }, api] = next
      const kind = HEALTHY.some((healthy) => healthy.name === injector) ? 'healthy' : 'fault'
      const settings = { api, model: `${kind}:${injector}`, key: undefined, keyEnv: 'OPENAI_API_KEY' }
      const target = readTarget(server.baseURL, settings)
      const { signal } = new AbortController()
      results.set(
        name,
        await runProbe(target, { maxTokens: 256, timeoutMs: TIMEOUT_MS, interrupt: signal, onRequest: () => {} }),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}, LIMIT_MS)

afterAll(() => server.close())

describe('of every fault, a probe says what it is', () => {
  it.each(CASES)('%s', (name, injector) => {
    // The newest SDK stops at [DONE]; a probe reads on, as those before it do.
    const expected = expectedFor(injector, 6)
    const result = results.get(name)
    const [first] = result?.exchanges ?? []
    const isStatus = /^\d/.test(expected.errorType ?? '') || injector.name === 'retry_after_503'
    expect({
      code: first?.fault?.code,
      cause: first?.fault === null ? undefined : [first?.fault.cause, first?.fault.confidence],
      detail: first?.fault?.detail ?? undefined,
    }).toEqual(
      injector.name === 'retry_after_503'
        ? { code: '503', cause: ['proxy_error_page', 'guess'], detail: undefined }
        : { code: expected.errorType, cause: expected.cause?.slice(), detail: expected.detail },
    )
    const wanted = (expected.anomalies ?? []).filter((type) => !UNASKED.has(type))
    expect(first?.anomalies.map(({ type }) => type)).toEqual(expect.arrayContaining(wanted))
    expect(first?.obstacle !== null).toBe(isStatus || NO_STREAM.has(expected.errorType ?? ''))
  })
})

/** What is no stream at all. */
const NO_STREAM: ReadonlySet<string> = new Set(['not_event_stream', 'headers_timeout', 'connection_failed'])

describe('what is said, and how it ends', () => {
  it.each<readonly [string, ProbeResult['verdict'], RegExp]>([
    ['cut_inside_event', 'harmful', /^The body ended in order in the middle of an event\.$/],
    ['reset_inside_event', 'harmful', /reset/],
    ['corrupt_gzip', 'harmful', /^The bytes break the rules of HTTP or of the compression they came in\.$/],
    ['html_page', 'not_openai', /answers with something else than a stream: the body is an HTML page\.$/],
    [
      'json_error_page',
      'refused',
      /with status 200, and an error in place of a stream \(The upstream is unavailable\)\.$/,
    ],
    [
      'http_401',
      'key_refused',
      /^No key was sent, since OPENAI_API_KEY is not set, and 127\.0\.0\.1:\d+ wants one: status 401 /,
    ],
    [
      'http_404',
      'not_openai',
      /^There is nothing at \/v1\/chat\/completions of .*: status 404; check the path of the base URL\.$/,
    ],
    ['http_429', 'refused', /with status 429 \(Rate limit reached for requests\); it says to try again after 1 s\.$/],
    ['http_502', 'not_openai', /answers with status 502 and an HTML page: a proxy's, and no model server's\.$/],
    ['stall_forever', 'harmful', /^The answer had not ended after 9 s\.$/],
    ['slow_headers', 'unreachable', /^127\.0\.0\.1:\d+ did not answer within 9 s: it hangs/],
    ['close_before_headers', 'unreachable', /closed the connection before it answered/],
    ['buffered', 'harmful', /^The whole answer came late and at once: 26 events in 1 read after 3\.\d\d s\.$/],
    ['gzip_flushed_late', 'harmful', /^The whole answer came late and at once/],
    ['coalesced', 'harmful', /^Many events came in each read, with waits in between: \d+ events in \d+ reads\.$/],
    ['invalid_utf8', 'harmful', /^Bytes that are no UTF-8; SDKs replace them silently\.$/],
    ['plain', 'unclear', /^Not enough to tell whether events are held back: \d+ events in \d+(\.\d)? ms\.$/],
  ])('%s', (name, verdict, sentence) => {
    const result = results.get(`${name} (chat)`)
    expect(result?.verdict).toBe(verdict)
    expect(result?.findings[0]?.text).toMatch(sentence)
  })

  it('a body that stays open after its end is given up soon, and told of', () => {
    const findings = results.get('hang_after_done (chat)')?.findings.map(({ text }) => text)
    expect(findings).toContain('The answer was over, and the body stayed open.')
  })

  it('comments are counted', () => {
    expect(results.get('keepalive (chat)')?.exchanges.map(({ comments }) => comments)).toEqual([3, 3])
  })

  it('an end of the connection in place of an end of the body is told of', () => {
    const findings = results.get('until_close (chat)')?.findings.map(({ text }) => text)
    expect(findings).toContain('The end of the body is the end of its connection: a cut cannot be told from an end.')
  })
})
