// oxlint-disable unicorn/no-array-sort -- these are builders, not arrays
import * as barGauge from '@grafana/grafana-foundation-sdk/bargauge'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as tempo from '@grafana/grafana-foundation-sdk/tempo'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { SHORTEST_BAR, type Dashboard, type Panel, type PromQuery, type TraceQuery, type Variable } from './panel.ts'

/** Chosen at the top of each dashboard, so that it works with the data sources of any Grafana. */
const PROMETHEUS = { type: 'prometheus', uid: '${prometheus}' }
const TEMPO = { type: 'tempo', uid: '${tempo}' }

const NEWEST_STREAMS = 50
/** An agent's trace may have many that broke. */
const STREAMS_OF_TRACE = 20

/** The dashboard as Grafana's classic JSON; its queries and links are those of Grafana 12 and newer. */
export function toGrafana(spec: Dashboard): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([...spec.tags])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .withVariable(dataSource('prometheus', 'Metrics'))
  if (spec.hasTraces) built.withVariable(dataSource('tempo', 'Traces'))
  for (const [name, variable] of Object.entries(spec.variables)) built.withVariable(queryVariable(name, variable))
  built.link(
    new dashboard.DashboardLinkBuilder('Streamgauge')
      .type(dashboard.DashboardLinkType.Dashboards)
      .tags([...spec.tags])
      .includeVars(true)
      .keepTime(true),
  )
  for (const row of spec.rows) {
    built.withRow(new dashboard.RowBuilder(row.title))
    for (const panel of row.panels) built.withPanel(toPanel(panel))
  }
  return finish(built.build())
}

function dataSource(type: string, label: string): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder(type).label(label).type(type)
}

function queryVariable(name: string, { label, query }: Variable): dashboard.QueryVariableBuilder {
  return (
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .query({ query, refId: name, qryType: 5 })
      .definition(query)
      .datasource(PROMETHEUS)
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Also what lacks the label.
      .allValue('.*')
      // A backtick would end a value in TraceQL.
      .regex('/^[^`]*$/')
      .current({ text: ['All'], value: ['$__all'], selected: true })
  )
}

type PanelBuilder = barGauge.PanelBuilder | stat.PanelBuilder | table.PanelBuilder | timeseries.PanelBuilder

function toPanel(panel: Panel): PanelBuilder {
  const built = VISUALIZATIONS[panel.kind](panel)
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .noValue(panel.empty)
    .span(panel.width)
    .height(panel.height)
    .datasource(panel.queries.some(isTraceQuery) ? TEMPO : PROMETHEUS)
  if (panel.limits !== undefined) built.thresholds(thresholds(panel.limits))
  const interval = panel.interval ?? (panel.kind === 'bars' ? SHORTEST_BAR : undefined)
  if (interval !== undefined) built.interval(interval)
  for (const [i, query] of panel.queries.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + i)
    built.withTarget(isTraceQuery(query) ? traceTarget(query, refId) : promTarget(query, refId, panel))
  }
  if (panel.columns !== undefined) tabulate(built, panel, panel.columns)
  return built
}

function isTraceQuery(query: PromQuery | TraceQuery): query is TraceQuery {
  return 'traceql' in query
}

/** How each kind looks. */
const VISUALIZATIONS: Readonly<Record<Panel['kind'], (panel: Panel) => PanelBuilder>> = {
  number: ({ limits }) =>
    new stat.PanelBuilder()
      .colorMode(limits === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.None)
      .reduceOptions(newest()),
  lines: () => new timeseries.PanelBuilder().fillOpacity(8).legend(legendBelow()).tooltip(allSeries()).min(0),
  bars: () =>
    new timeseries.PanelBuilder()
      .drawStyle(common.GraphDrawStyle.Bars)
      .fillOpacity(80)
      .lineWidth(0)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
      .legend(legendBelow())
      .tooltip(allSeries())
      .min(0),
  ranking: () => new barGauge.PanelBuilder().orientation(common.VizOrientation.Horizontal).reduceOptions(newest()),
  // Raw chunks are longer than a cell.
  table: () => new table.PanelBuilder().inspect(true),
}

function newest(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull'])
}

function legendBelow(): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
}

function allSeries(): common.VizTooltipOptionsBuilder {
  return new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending)
}

function thresholds([orange, red]: readonly [number, number]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    { value: orange, color: 'orange' },
    { value: red, color: 'red' },
  ])
}

function promTarget({ promql, legend }: PromQuery, refId: string, { kind }: Panel): prometheus.DataqueryBuilder {
  const target = new prometheus.DataqueryBuilder().refId(refId).expr(promql).datasource(PROMETHEUS)
  if (legend !== undefined) target.legendFormat(legend)
  if (kind === 'lines' || kind === 'bars') return target.range()
  if (kind === 'table') target.format(prometheus.PromQueryFormat.Table)
  return target.instant()
}

function traceTarget({ traceql, answer }: TraceQuery, refId: string): tempo.DataqueryBuilder {
  const target = new tempo.DataqueryBuilder()
    .refId(refId)
    .queryType('traceql')
    .query(traceql)
    .filters([])
    .datasource(TEMPO)
  if (answer === 'spans')
    return target.limit(NEWEST_STREAMS).spss(STREAMS_OF_TRACE).tableType(tempo.SearchTableType.Spans)
  const { Instant, Range } = tempo.MetricsQueryType
  return target.metricsQueryType(answer === 'numbers' ? Instant : Range)
}

/** Leaves the named columns, in their order and under their names; several queries share their rows. */
function tabulate(
  built: PanelBuilder,
  { queries, columnUnits = {} }: Panel,
  columns: Readonly<Record<string, string>>,
): void {
  if (queries.length > 1) built.withTransformation({ id: 'merge', options: {} })
  const names = Object.keys(columns)
  built.withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
  built.withTransformation({
    id: 'organize',
    options: {
      excludeByName: {},
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      renameByName: columns,
    },
  })
  for (const [column, unit] of Object.entries(columnUnits)) built.overrideByName(column, [{ id: 'unit', value: unit }])
}

/** Ids make links to single panels last; and links to the other dashboards are to be seen, not in a menu. */
export function finish(built: dashboard.Dashboard): dashboard.Dashboard {
  for (const link of built.links ?? []) delete link.placement
  for (const [i, panel] of (built.panels ?? []).entries()) panel.id ??= i + 1
  return built
}
