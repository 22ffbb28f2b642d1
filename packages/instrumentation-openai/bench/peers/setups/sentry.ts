import type { Start } from '../../harness/subject.ts'

/** Spans that are kept until they are asked for. */
const MAX_KEPT = 64

interface SpanJson {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: string
}

interface Sentry {
  init(options: object): { on(event: 'spanEnd', listener: (span: object) => void): void }
  spanToJSON(span: object): SpanJson
}

/** Sentry with its defaults, all traces, and a transport that drops what it is given. */
export const start: Start = (require) => {
  const sentry = require('@sentry/node') as Sentry
  const client = sentry.init({
    dsn: 'http://bench@127.0.0.1:9/1',
    tracesSampleRate: 1,
    transport: () => ({ send: async () => ({}), flush: async () => true }),
  })
  let ended = 0
  let kept: object[] = []
  client.on('spanEnd', (span) => {
    ended++
    if (kept.length < MAX_KEPT) kept.push(span)
  })
  return {
    spansEnded: () => ended,
    takeSpans: () => {
      const taken = kept
      kept = []
      return taken.map((span) => {
        const { attributes, status } = sentry.spanToJSON(span)
        return { attributes, eventNames: [], isError: status !== 'ok' }
      })
    },
  }
}
