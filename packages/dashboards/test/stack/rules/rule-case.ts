import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { METRIC } from '@streamgauge/core/semconv'
import { seriesName } from '../../../src/promql/names.ts'
import type { Metric } from '../../../src/promql/instruments.ts'
import { executablePath } from '../programs/programs.ts'
import { shippedPath } from '../run/shipped.ts'

/** The route that all cases are about. */
export const ROUTE = {
  job: 'shop/chat',
  gen_ai_provider_name: 'openai',
  gen_ai_request_model: 'gpt-5-mini',
  server_address: 'api.openai.com',
}

/** Samples of one series, a minute apart, in promtool's notation: `0+5x60` is 0, 5, 10, … 300. */
export interface Samples {
  readonly series: string
  readonly values: string
}

/** A course of events, and at which minutes the alert fires or does not. */
export interface RuleCase {
  readonly samples: readonly Samples[]
  readonly firesAt?: readonly number[]
  readonly quietAt?: readonly number[]
}

/** A series of the route; `labels` come on top, and may take the place of the route's. */
export function series(metric: Metric, values: string, labels: Readonly<Record<string, string>> = {}): Samples {
  const all = { ...ROUTE, instance: 'a', ...labels }
  const told = Object.entries(all).map(([name, value]) => `${name}="${value}"`)
  return { series: `${seriesName(metric, 'otlp')}{${told.join(',')}}`, values }
}

export const ended = (values: string, outcome = 'completed', labels = {}): Samples =>
  series(METRIC.ENDED, values, { streamgauge_stream_outcome: outcome, ...labels })
export const parseErrors = (values: string, type = 'malformed_event', labels = {}): Samples =>
  series(METRIC.PARSE_ERRORS, values, { error_type: type, ...labels })
export const faults = (values: string, type = 'missing_terminator', labels = {}): Samples =>
  series(METRIC.FAULTS, values, { error_type: type, streamgauge_cause: 'provider_truncation', ...labels })
export const anomalies = (values: string, type: string, labels = {}): Samples =>
  series(METRIC.ANOMALIES, values, { streamgauge_anomaly_type: type, ...labels })

/** Streams of the route: `broken` of all that end in a minute. */
export const streams = (perMinute: number, minutes: number, broken = 0): readonly Samples[] => [
  ended(`0+${perMinute - broken}x${minutes}`),
  ended(`0+${broken}x${minutes}`, 'broken'),
]

/** Signs of life of one process. */
export const watched = (values: string, labels = {}): Samples =>
  series(METRIC.WATCHED, values, { streamgauge_sdk_version: '7.57.0', ...labels })

/** What every alert on something found must do where there is nothing. */
export const ofNothing = (found: (values: string) => Samples): Readonly<Record<string, RuleCase>> => ({
  'stays quiet without any data': { samples: [], quietAt: [60] },
  'stays quiet where no stream ended, which is 0 of 0': { samples: [ended('0x60'), found('0x60')], quietAt: [60] },
})

/** Has promtool play a case through the rules as they are shipped. */
export function expectAlert(name: string, { samples, firesAt = [], quietAt = [] }: RuleCase): void {
  const firing = `count(ALERTS{alertname="${name}", alertstate="firing"})`
  runPromtool({
    input_series: samples,
    promql_expr_test: [
      ...firesAt.map((minute) => ({
        expr: firing,
        eval_time: `${minute}m`,
        exp_samples: [{ labels: '{}', value: 1 }],
      })),
      ...quietAt.map((minute) => ({ expr: firing, eval_time: `${minute}m`, exp_samples: [] })),
    ],
  })
}

/** Has promtool see that no alert fires, at any minute of a time. */
export function expectCalm(samples: readonly Samples[], from: number, to: number): void {
  const firing = 'ALERTS{alertstate="firing"}'
  const asked = Array.from({ length: to - from }, (_, i) => ({
    expr: firing,
    eval_time: `${from + i}m`,
    exp_samples: [],
  }))
  runPromtool({ input_series: samples, promql_expr_test: asked })
}

/** Has promtool compare the whole alert at a minute: its labels, and its texts as Prometheus writes them. */
export function expectTexts(
  alertname: string,
  minute: number,
  samples: readonly Samples[],
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): void {
  runPromtool({
    input_series: samples,
    alert_rule_test: [
      {
        eval_time: `${minute}m`,
        alertname,
        exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
      },
    ],
  })
}

function runPromtool(test: object): void {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-rules-'))
  try {
    const path = join(folder, 'test.yml')
    const file = {
      rule_files: [shippedPath('prometheus/rules/streamgauge.yml')],
      evaluation_interval: '1m',
      tests: [{ interval: '1m', ...test }],
    }
    writeFileSync(path, stringify(file, { lineWidth: 0 }))
    execFileSync(executablePath('promtool'), ['test', 'rules', path], { stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: Buffer; stdout?: Buffer }
    throw new Error(`${stdout?.toString() ?? ''}${stderr?.toString() ?? ''}` || String(error), { cause: error })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
