import type { PlannedStreams } from './run/run-app.ts'

/** Two routes: models at hosts. Both hosts are this machine, by its two names. */
const FAILING = { model: 'gpt-5-mini', host: '127.0.0.1' }
const BUFFERED = { model: 'llama-3.3-70b', host: 'localhost' }

/** What is asked of the fault server, and what a truthful observer counts of it. */
interface Expected extends PlannedStreams {
  readonly outcome: 'completed' | 'broken'
  readonly errorType?: string
  readonly cause?: string
  readonly anomaly?: string
  readonly isParseError?: boolean
}

/** Known numbers of each fault. */
export const SCENARIO: readonly Expected[] = [
  { ...FAILING, count: 120, outcome: 'completed' },
  broken('cut_inside_event', 4, 'truncated_event', 'provider_truncation', true),
  broken('cut_json', 3, 'malformed_event', 'proxy_split', true),
  // It is cut in the middle of an event, so an event could not be parsed.
  broken('reset_inside_event', 2, 'connection_reset', 'network', true),
  broken('no_done', 6, 'missing_terminator', 'provider_truncation', false),
  broken('upstream_error', 3, 'upstream_error', 'provider_error', false),
  broken('http_429', 2, '429', 'provider_error', false),
  { ...BUFFERED, count: 40, outcome: 'completed' },
  { ...BUFFERED, fault: 'buffered', count: 12, outcome: 'completed', anomaly: 'buffered' },
  { ...BUFFERED, fault: 'stall_then_continue', count: 3, outcome: 'completed', anomaly: 'stalled' },
]

/** So many healthy ones that the parse-error rate of an hour is below its limit again. */
export const RECOVERY: readonly PlannedStreams[] = [{ ...FAILING, count: 6000 }]

/** The route of which an alert has to fire, as labels of Prometheus. */
export const FAILING_LABELS = {
  job: 'shop/chat',
  deployment_environment_name: 'test',
  gen_ai_provider_name: 'openai',
  gen_ai_request_model: FAILING.model,
  server_address: FAILING.host,
}

/** The environment in which the application tells everything at once. */
export const TELLS_FAST = {
  OTEL_SERVICE_NAME: 'chat',
  OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop,deployment.environment.name=test',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_METRIC_EXPORT_TIMEOUT: '1000',
  OTEL_BSP_SCHEDULE_DELAY: '500',
  OTEL_TRACES_SAMPLER: 'always_on',
  // The server's stalls take 4.5 seconds.
  STREAMGAUGE_STALL_THRESHOLD_MS: '3800',
  // So that some chunk spans are dropped.
  STREAMGAUGE_CHUNK_SPANS: 'all',
  STREAMGAUGE_MAX_CHUNK_SPANS: '8',
}

/** How many of the scenario's streams there are of each kind. */
export function countBy(keyOf: (expected: Expected) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const expected of SCENARIO) {
    const key = keyOf(expected)
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + expected.count
  }
  return counts
}

/** How many of the scenario's streams are of a kind. */
export function count(isOne: (expected: Expected) => boolean = () => true): number {
  return SCENARIO.filter(isOne).reduce((sum, expected) => sum + expected.count, 0)
}

function broken(fault: string, number: number, errorType: string, cause: string, isParseError: boolean): Expected {
  return { ...FAILING, fault, count: number, outcome: 'broken', errorType, cause, isParseError }
}
