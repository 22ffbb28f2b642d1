import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { describeFault } from '@streamgauge/core'
import { expectedFor, FAULTS, HEALTHY } from '@streamgauge/fault-server'
import type { DemoResult } from '../src/demo/result.ts'
import { postSpan } from './post-span.ts'
import { LIMIT_MS, runCli, startCli, URL_OF_RECEIVER, type CliRun } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const TOLD_AT_ONCE = /^Reading \d+ streams?; telemetry arrives on http:\/\/127\.0\.0\.1:\d+\n$/

let asJson: CliRun
let asText: CliRun
let result: DemoResult
beforeAll(async () => {
  asJson = await runCli(['demo', '--once', '--json'])
  asText = await runCli(['demo', '--once'])
  result = JSON.parse(asJson.stdout) as DemoResult
}, 2 * LIMIT_MS)

describe('demo --once --json', () => {
  it('prints one JSON document alone on stdout, one line on stderr, and exits with what it found', () => {
    expect({ exitCode: asJson.exitCode, stderr: asJson.stderr }).toEqual({
      exitCode: exitCodeOf(result),
      stderr: expect.stringMatching(TOLD_AT_ONCE) as unknown,
    })
  })

  it('tells each of at least 20 faults and 8 healthy streams as what the fault server says it is', () => {
    const told = result.streams.map(({ injected, outcome, errorType, anomalies }) => ({
      injected,
      outcome,
      errorType: errorType ?? undefined,
      anomalies: anomalies.toSorted(),
    }))
    const expected = [...HEALTHY, ...FAULTS].map((injector) => {
      const { outcome, errorType, anomalies = [] } = expectedFor(injector, 7)
      return { injected: injector.name, outcome, errorType, anomalies: anomalies.toSorted() }
    })
    expect(told).toEqual(expected)
    const { faults, healthy, asExpected, differences } = result.summary
    expect(faults).toBeGreaterThanOrEqual(20)
    expect(healthy).toBeGreaterThanOrEqual(8)
    expect({ asExpected, differences }).toEqual({ asExpected: told.length, differences: [] })
  })

  it('gives the cause, its evidence and the remedy of the catalogue for each broken stream', () => {
    const broken = result.streams.filter(({ outcome }) => outcome === 'broken')
    expect(broken.length).toBeGreaterThan(0)
    for (const stream of broken) {
      expect(stream).toMatchObject({
        cause: expect.stringMatching(/^[a-z_]+$/) as unknown,
        causeConfidence: expect.stringMatching(/^(certain|likely|guess)$/) as unknown,
        causeEvidence: expect.stringMatching(/./) as unknown,
        remedy: describeFault(stream.errorType ?? '')?.remedy,
        traceId: expect.stringMatching(/^[\da-f]{32}$/) as unknown,
        spanId: expect.stringMatching(/^[\da-f]{16}$/) as unknown,
      })
    }
  })

  it('records the raw chunk of each broken stream that had bytes, and of no other', () => {
    for (const { outcome, bytes, rawChunk } of result.streams) {
      expect(rawChunk?.raw !== undefined).toBe(outcome === 'broken' && bytes !== null && bytes > 0)
    }
  })

  it('gives a parse-error rate whose parts add up, and agree with the streams', () => {
    const { parseErrorRate: rate, streams } = result
    expect(rate.ended).toBe(streams.length)
    expect(rate.perStream).toBe(rate.parseErrors / rate.ended)
    expect(sum(Object.values(rate.parseErrorsByType))).toBe(rate.parseErrors)
    for (const code of [
      'malformed_event',
      'empty_event',
      'truncated_event',
      'unterminated_event',
      'not_event_stream',
    ]) {
      expect([code, rate.parseErrorsByType[code]]).toEqual([
        code,
        streams.filter(({ errorType }) => errorType === code).length,
      ])
    }
  })
})

describe('demo --once', () => {
  it('prints no escape sequence where its output is no terminal, and exits with what it found', () => {
    expect(asText.exitCode).toBe(asText.stdout.includes('✗') ? 1 : 0)
    expect(asText.stderr).toMatch(TOLD_AT_ONCE)
    expect(asText.stdout).not.toContain('\u001b')
  })

  it('prints one row for each stream', () => {
    const rows = Array.from(asText.stdout.matchAll(/^[✓✗] {2}(\S+) /gm), ([, name]) => name)
    expect(rows).toHaveLength(result.streams.length)
    expect(new Set(rows)).toEqual(new Set(result.streams.map(({ injected }) => injected)))
  })

  it('prints for each broken stream the raw chunk with its mark, why, and what to do', () => {
    const paragraphs = asText.stdout.split('\n\n')
    for (const { injected, outcome, errorType, rawChunk, remedy } of result.streams) {
      const found = paragraphs.filter((paragraph) => paragraph.startsWith(`${injected}  `))
      expect([injected, found.length]).toEqual([injected, outcome === 'broken' ? 1 : 0])
      if (outcome !== 'broken') continue
      const [text = ''] = found
      expect(text).toContain(errorType)
      expect(text).toMatch(/^ {2}why {2}\w+ \((certain|likely|guess)\): \S/m)
      expect(unwrap(text)).toContain(`  do   ${remedy ?? ''}`)
      expect([injected, text.includes('│')]).toEqual([injected, rawChunk !== null])
      expect([injected, text.includes('▲')]).toEqual([injected, typeof rawChunk?.break === 'number'])
    }
  })

  it('prints the same parse-error rate as the JSON', () => {
    const { parseErrors, perStream } = result.parseErrorRate
    const percent = ((perStream ?? NaN) * 100).toFixed(1)
    expect(asText.stdout).toContain(`Parse-error rate ${percent} % of streams\n  ${parseErrors} chunks of `)
  })

  it('prints no line that is wider than 120 columns', () => {
    expect(asText.stdout.split('\n').filter((line) => [...line].length > 120)).toEqual([])
  })
})

describe('the tour', () => {
  const names = (run: CliRun): readonly string[] =>
    (JSON.parse(run.stdout) as DemoResult).streams.map(({ injected }) => injected)

  it('reads only the streams that --fault names, each once', async () => {
    const args = ['demo', '--json', '--fault', 'no_done', '--fault=plain', '--fault', 'no_done']
    const run = await runCli(args)
    expect({ exitCode: run.exitCode, names: names(run) }).toEqual({ exitCode: 0, names: ['no_done', 'plain'] })
  })

  it('comes out the same under settings of another telemetry, another API, a proxy and other hooks', async () => {
    const nowhere = 'http://127.0.0.1:9'
    const run = await runCli(['demo', '--once', '--json'], {
      env: {
        OTEL_SDK_DISABLED: 'true',
        OTEL_EXPORTER_OTLP_ENDPOINT: nowhere,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: nowhere,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_TRACES_SAMPLER: 'always_off',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop',
        OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
        OPENAI_BASE_URL: nowhere,
        OPENAI_API_KEY: 'sk-secret',
        OPENAI_LOG: 'debug',
        STREAMGAUGE_ENABLED: 'false',
        STREAMGAUGE_RAW_CHUNK: 'off',
        STREAMGAUGE_STALL_THRESHOLD_MS: '1',
        HTTP_PROXY: nowhere,
        http_proxy: nowhere,
        NODE_USE_ENV_PROXY: '1',
        NODE_OPTIONS: '--no-warnings --require=node:os',
      },
    })
    const told = JSON.parse(run.stdout) as DemoResult
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
      exitCode: exitCodeOf(told),
      stderr: expect.stringMatching(TOLD_AT_ONCE) as unknown,
    })
    expect(tellOf(told)).toEqual(tellOf(result))
  })

  it('ends with 1 where a stream is told as something else, and prints the difference', async () => {
    // The newest span of the demo's service counts: this one claims to begin a minute from now.
    const span = { model: 'fault:stall_then_close', outcome: 'completed', service: 'streamgauge-demo' }
    const cli = startCli(['demo', '--once', '--fault', 'stall_then_close'])
    const [, url = ''] = await cli.prints(URL_OF_RECEIVER)
    await postSpan(url, { ...span, spanId: 'eee19b7ec3c1b174', startMs: Date.now() + 60_000 })
    const run = await cli.ended
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('✗  stall_then_close')
    expect(run.stdout).toMatch(
      /✗ 1 fault and 0 healthy streams: 0 of 1 told as what they were\n {2}stall_then_close: expected premature_close with stalled, but was told as completed\.\n$/,
    )
  })
})

/** Of whether each was told right, one test is enough: it needs a machine that has time for the application. */
function exitCodeOf({ summary }: DemoResult): number {
  return summary.differences.length === 0 ? 0 : 1
}

/** What is told by its timing: an application that gets no processor sees bytes come late, or at once. */
const TIMED: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** A paragraph whose lines were broken between words, in one line. */
function unwrap(text: string): string {
  return text.replaceAll(/\n {7}/g, ' ')
}

/** What must not differ between two runs. */
function tellOf({ streams, parseErrorRate }: DemoResult): object {
  const told = streams.map(({ injected, outcome, end, errorType, cause, anomalies, rawChunk }) => {
    const untimed = anomalies.filter((type) => !TIMED.has(type))
    return { injected, outcome, end, errorType, cause, untimed, hasRaw: typeof rawChunk?.raw === 'string' }
  })
  return { told, ended: parseErrorRate.ended, errors: parseErrorRate.parseErrorsByType }
}
