import type { FoundStream } from '../queries/find-streams.ts'

/** The data source of Tempo, by its uid in the stack of @streamgauge/dashboards. */
const DATA_SOURCE = { type: 'tempo', uid: 'tempo' }

/** Time before and after the stream in which Tempo looks for the rest of its trace. */
const MARGIN_MS = 300_000

/** The trace of a stream in Grafana's Explore; `null` where no Grafana is known. */
export function toTraceUrl(grafanaUrl: string | undefined, stream: FoundStream): string | null {
  if (grafanaUrl === undefined) return null
  const { traceId, startMs, durationMs } = stream
  const pane = {
    datasource: DATA_SOURCE.uid,
    queries: [{ refId: 'A', datasource: DATA_SOURCE, queryType: 'traceql', query: traceId }],
    range: {
      from: String(Math.floor(startMs - MARGIN_MS)),
      to: String(Math.ceil(startMs + durationMs + MARGIN_MS)),
    },
  }
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ stream: pane }) })
  return `${grafanaUrl}/explore?${parameters.toString()}`
}
