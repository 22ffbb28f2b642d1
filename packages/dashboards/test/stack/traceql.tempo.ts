// Runs only where STREAMGAUGE_TEMPO names the executable of a Tempo 3, which is under another licence than this repository.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { formatTable, readSection } from '../document-section.ts'
import { readDashboards } from '../read-dashboards.ts'
import { until } from './run/poll.ts'
import { asGrafanaSends } from './run/prometheus.ts'
import { runApp, type RunningApp } from './run/run-app.ts'
import { startTempo, type Tempo } from './run/tempo.ts'
import { count, countBy, TELLS_FAST, SCENARIO } from './scenario.ts'

const LIMIT_MS = 120_000
/** Steps that are under way are left out of metrics: short ones are complete soon. */
const STEP_S = 5

interface Found {
  readonly traces?: readonly {
    readonly traceID: string
    readonly spanSets: readonly { readonly spans: readonly { readonly attributes?: readonly Attribute[] }[] }[]
  }[]
  readonly series?: readonly {
    readonly labels: readonly Attribute[]
    readonly value?: number
    readonly samples?: readonly { readonly value?: number }[]
  }[]
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

describe('Tempo, with the configuration that is shipped', () => {
  let server: FaultServer
  let tempo: Tempo
  let app: RunningApp
  let startedS: number
  const rows: string[][] = []
  beforeAll(async () => {
    startedS = Math.floor(Date.now() / 1000) - STEP_S
    // Slow enough for each event to come by itself: there are more reads than chunk spans then.
    server = await startFaultServer({ delayMs: 3 })
    tempo = await startTempo(process.env['STREAMGAUGE_TEMPO'] ?? '')
    app = await runApp(SCENARIO, {
      ...TELLS_FAST,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${tempo.otlp}`,
      FAULT_SERVER_PORT: new URL(server.baseURL).port,
    })
    await until('all streams', LIMIT_MS, async () => {
      const found = await ask('search', `{ span.${ATTR.OUTCOME} != nil }`, { limit: '1000' })
      return found.traces?.length === count() ? true : undefined
    })
  }, LIMIT_MS * 2)
  afterAll(async () => {
    await app?.stop()
    await tempo?.stop()
    await server?.close()
  }, LIMIT_MS)

  async function ask(what: string, traceql: string, more: Readonly<Record<string, string>> = {}): Promise<Found> {
    const range = { start: `${startedS}`, end: `${Math.floor(Date.now() / 1000)}` }
    const url = `${tempo.url}/api/${what}?${new URLSearchParams({ q: traceql, ...range, ...more }).toString()}`
    const response = await fetch(url)
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text}: ${traceql}`)
    return JSON.parse(text) as Found
  }

  const panels = readDashboards()
    .filter(([path]) => path.includes('grafana'))
    .flatMap(([, { panels: all }]) => all)
  const queriesOf = (title: string): readonly string[] =>
    (panels.find((panel) => panel.title === title)?.targets ?? []).map(({ query }) => asGrafanaSends(query ?? '', ''))
  const sumOf = ({ series = [] }: Found): number =>
    series.reduce(
      (sum, { value = 0, samples = [] }) => sum + value + samples.reduce((all, sample) => all + (sample.value ?? 0), 0),
      0,
    )
  const broken = count(({ outcome }) => outcome === 'broken')

  it('gives the newest broken streams with their fault, cause, remedy and raw chunk', async () => {
    const [query = ''] = queriesOf('Newest broken streams')
    const { traces = [] } = await ask('search', query, { limit: '50', spss: '1' })
    expect(traces).toHaveLength(broken)
    const found: Record<string, number> = {}
    for (const attributes of traces.map(readColumns)) {
      const type = String(attributes.get(GEN_AI.ERROR_TYPE))
      found[type] = (found[type] ?? 0) + 1
      expect(attributes.get(ATTR.REMEDY)).toMatch(/.{20,}/)
      if (type === 'malformed_event') expect(attributes.get(ATTR.CHUNK_RAW)).toMatch(/^data: /)
    }
    expect(found).toEqual(countBy(({ errorType }) => errorType))
    rows.push(['Newest broken streams', `${traces.length} streams`])
    const example = traces.map(readColumns).find((columns) => columns.get(GEN_AI.ERROR_TYPE) === 'malformed_event')
    for (const [name, value] of example ?? [])
      rows.push([`… of one: \`${name}\``, `\`${String(value).trim().replaceAll('\n', '\\n')}\``])
  })

  it('gives the stalled and buffered streams', async () => {
    const [query = ''] = queriesOf('Stalled and buffered streams')
    const { traces = [] } = await ask('search', query, { limit: '50', spss: '1' })
    expect(traces).toHaveLength(count(({ anomaly }) => anomaly !== undefined))
    rows.push(['Stalled and buffered streams', `${traces.length} streams`])
  })

  it('counts the chunks at which streams broke', async () => {
    const [query = ''] = queriesOf('By chunk')
    // A 429 has no chunks, and a cut between two events none that could not be read.
    const withChunk = await ask('search', `{ span.${ATTR.OUTCOME} = "broken" && span.${ATTR.CHUNK_INDEX} != nil }`, {
      limit: '1000',
    })
    expect(withChunk.traces?.length).toBeGreaterThan(8)
    const answer = await ask('metrics/query', query)
    expect(answer.series?.length).toBeGreaterThan(0)
    expect(sumOf(answer)).toBe(broken)
    rows.push(['By chunk', told(answer)])
  })

  it('counts the bytes at which they broke, in powers of two', async () => {
    const [query = ''] = queriesOf('By bytes')
    const answer = await ask('metrics/query_range', query, { step: `${STEP_S}s` })
    // Those without a byte, such as a 429, are in none.
    expect(sumOf(answer)).toBe(count(({ outcome, errorType }) => outcome === 'broken' && errorType !== '429'))
    rows.push(['By bytes', told(answer)])
  })

  it('gives the longest, mean and shortest silence before they broke', async () => {
    const queries = queriesOf('By silence')
    expect(queries).toHaveLength(3)
    for (const query of queries) {
      const { series } = await ask('metrics/query_range', query, { step: `${STEP_S}s` })
      expect(series).toHaveLength(1)
    }
  })

  it('counts the hops of broken streams', async () => {
    const [query = ''] = queriesOf('Hops')
    const answer = await ask('metrics/query', query)
    expect(sumOf(answer)).toBe(broken)
    rows.push(['Hops', told(answer)])
  })

  it('counts the chunk spans that were dropped', async () => {
    const [query = ''] = queriesOf('Dropped chunk spans')
    expect(sumOf(await ask('metrics/query_range', query, { step: `${STEP_S}s` }))).toBeGreaterThan(count())
  })

  it('docs/results.md shows which panels were asked (UPDATE_README=1 writes what they gave)', () => {
    const section = readSection('docs/results.md', 'tempo', formatTable(['panel', 'what Tempo answered'], rows))
    for (const [panel = ''] of rows) expect(section).toContain(`| ${panel} |`)
    expect(rows.length).toBeGreaterThan(10)
  })

  it('tells what the dashboard asks of its own metrics', async () => {
    const own = await (await fetch(`${tempo.url}/metrics`)).text()
    expect(own).toMatch(/^tempo_distributor_spans_received_total\{.*\} [1-9]/m)
  })
})

/** A row of a table: the attributes that were selected of a trace's first span. */
function readColumns({ spanSets }: NonNullable<Found['traces']>[number]): ReadonlyMap<string, unknown> {
  return new Map((spanSets[0]?.spans[0]?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]))
}

/** Each series with its sum, by the value of its label. */
function told({ series = [] }: Found): string {
  return series
    .map(({ labels, value = 0, samples = [] }) => {
      const name = labels.flatMap((label) => (label.key === '__name__' ? [] : Object.values(label.value))).join(', ')
      return `${name}: ${samples.reduce((sum, sample) => sum + (sample.value ?? 0), value)}`
    })
    .join(' · ')
}
