import type { EndedSpan, Start } from '../../harness/subject.ts'

/** Spans that are kept until they are asked for. */
const MAX_KEPT = 64

interface FormattedSpan {
  readonly meta: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly error: number
}

interface Tracer {
  readonly _tracer: { readonly _exporter: { export(spans: readonly FormattedSpan[]): void } }
}

/** Nothing but traces; and nobody listens at the agent's address. */
const ENVIRONMENT = {
  DD_TRACE_AGENT_URL: 'http://127.0.0.1:9',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_TRACE_STARTUP_LOGS: 'false',
}

/** Datadog's tracer with its defaults, and an exporter that drops what it is given. */
export const start: Start = (require) => {
  Object.assign(process.env, ENVIRONMENT)
  const tracer = (require('dd-trace') as { init(): Tracer }).init()
  let ended = 0
  let kept: EndedSpan[] = []
  tracer._tracer._exporter.export = (spans) => {
    ended += spans.length
    for (const { meta, metrics, error } of spans) {
      if (kept.length < MAX_KEPT)
        kept.push({ attributes: { ...meta, ...metrics }, eventNames: [], isError: error !== 0 })
    }
  }
  return {
    spansEnded: () => ended,
    takeSpans: () => {
      const taken = kept
      kept = []
      return taken
    },
  }
}
