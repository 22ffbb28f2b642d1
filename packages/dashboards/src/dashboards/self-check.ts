import { ATTR, METRIC } from '@streamgauge/core/semconv'
import { expressions, growth, isOneOf, sumBy } from '../promql/expressions.ts'
import { LABEL } from '../promql/labels.ts'
import { seriesName, type Door } from '../promql/names.ts'
import { STEP, UNIT, type Dashboard, type Panel, type PromQuery, type Row } from './panel.ts'
import { UID } from './uids.ts'

/** What stands for the attributes of streams that come after the instrumentation's largest number of cells. */
export const OTHER = '_OTHER'
/** Sets of attributes that one process tells apart (the instrumentation's README). */
export const MAX_CELLS = 380

const CHOSEN = `${LABEL.JOB}=~"$job"`
const NOTHING = 'Nothing came from any process'

/** Is everything watched that should be, and does everything arrive? */
export function selfCheck(door: Door): Dashboard {
  return {
    uid: UID.SELF_CHECK,
    title: 'Streamgauge: instrumentation self-check',
    description: 'Is everything watched that should be, and does everything arrive?',
    tags: ['streamgauge'],
    variables: {
      job: { label: 'Service', query: `label_values(${seriesName(METRIC.WATCHED, door)}, ${LABEL.JOB})` },
    },
    hasTraces: true,
    rows: [watched(door), bounds(door), collector(), prometheus()],
  }
}

function watched(door: Door): Row {
  const { select } = expressions(door, [CHOSEN])
  const watching = select(METRIC.WATCHED)
  const quarter = { width: 6, height: 8, empty: NOTHING } as const
  return {
    title: 'What is watched',
    panels: [
      {
        ...quarter,
        title: 'Versions hooked',
        description:
          'Versions of openai that are watched, and by how many processes. One that is missing was loaded without the hook: its first log lines say so, as a StreamgaugeWarning.',
        kind: 'table',
        unit: UNIT.COUNT,
        queries: [{ promql: sumBy([LABEL.JOB, LABEL.SDK_VERSION], watching) }],
        columns: { [LABEL.JOB]: 'Service', [LABEL.SDK_VERSION]: 'openai', Value: 'Processes' },
      },
      {
        ...quarter,
        title: 'Versions of the instrumentation',
        description: 'Versions of Streamgauge itself, and by how many processes they are run.',
        kind: 'table',
        unit: UNIT.COUNT,
        queries: [
          {
            promql: `count by (${LABEL.JOB}, ${LABEL.SCOPE_VERSION}) (count by (${LABEL.JOB}, ${LABEL.SCOPE_VERSION}, ${LABEL.INSTANCE}) (${watching}))`,
          },
        ],
        columns: { [LABEL.JOB]: 'Service', [LABEL.SCOPE_VERSION]: 'Streamgauge', Value: 'Processes' },
      },
      {
        ...quarter,
        title: 'Last sign of life',
        description:
          'How long ago a process of the service last told anything. Much more than its export interval (60 s, unless set otherwise) means that nobody watches its streams.',
        kind: 'ranking',
        unit: UNIT.SECONDS,
        queries: [
          {
            promql: `time() - max by (${LABEL.JOB}) (max_over_time(timestamp(${watching})[1d:1m]))`,
            legend: `{{${LABEL.JOB}}}`,
          },
        ],
        limits: [300, 900],
      },
      {
        ...quarter,
        title: 'Services without instances',
        description:
          "Services that do not say which of their processes tells: two of them write the same series then, and every count is wrong. OpenTelemetry's NodeSDK says `service.instance.id` unless its resource detectors were changed.",
        kind: 'table',
        unit: UNIT.COUNT,
        queries: [{ promql: `count by (${LABEL.JOB}) (${select(METRIC.WATCHED, `${LABEL.INSTANCE}=""`)})` }],
        columns: { [LABEL.JOB]: 'Service', Value: 'Series' },
        empty: 'All services say it',
      },
    ],
  }
}

function bounds(door: Door): Row {
  const { select } = expressions(door, [CHOSEN])
  const third = { width: 8, height: 7 } as const
  return {
    title: 'Bounds',
    panels: [
      {
        ...third,
        title: 'Cells in use',
        description: `Sets of operation, provider, model and host that a process counts apart. Beyond ${MAX_CELLS} they are counted together, as ${OTHER}.`,
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          {
            promql: `max by (${LABEL.JOB}) (count by (${LABEL.JOB}, ${LABEL.INSTANCE}) (${select(METRIC.READS)}))`,
            legend: `{{${LABEL.JOB}}}`,
          },
        ],
        limits: [300, MAX_CELLS],
        empty: 'No stream was read',
      },
      {
        ...third,
        title: 'Streams counted together',
        description: `Streams that share the cell ${OTHER}, since their process has seen more models and hosts than it tells apart.`,
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          {
            promql: `${sumBy([LABEL.JOB], growth(select(METRIC.ENDED, isOneOf(LABEL.MODEL, [OTHER])), STEP))} or 0 * ${sumBy([LABEL.JOB], select(METRIC.ENDED))}`,
            legend: `{{${LABEL.JOB}}}`,
          },
        ],
        empty: 'None',
      },
      {
        ...third,
        title: 'Dropped chunk spans',
        description:
          'Reads that got no span of their own: beyond `maxChunkSpans` with `chunkSpans` set to `all`, or where very many streams broke at once. Nothing else of a stream is lost.',
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          {
            traceql: `{ span.${ATTR.CHUNK_SPANS_DROPPED} > 0 } | sum_over_time(span.${ATTR.CHUNK_SPANS_DROPPED})`,
            answer: 'numbers over time',
          },
        ],
        empty: 'None was dropped',
      },
    ],
  }
}

/** Older Collectors, and other configurations of their telemetry, put `_total` behind their counters. */
function ofCollector(name: string): string {
  return `{__name__=~"otelcol_${name}(_total)?"}`
}

const OF_COLLECTOR = { kind: 'lines', width: 12, height: 7, empty: 'No Collector is scraped' } as const

const EXPORTER_QUEUES: Panel = {
  ...OF_COLLECTOR,
  title: 'Exporter queues',
  description: 'How full the queues of the exporters are. What comes to a full one is lost.',
  unit: UNIT.SHARE,
  queries: [
    {
      promql: 'max by (exporter, data_type) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)',
      legend: '{{exporter}}, {{data_type}}',
    },
  ],
  limits: [0.5, 0.9],
}

const TAIL_SAMPLING: Panel = {
  ...OF_COLLECTOR,
  title: 'Tail sampling',
  description:
    'Only with the second tier: traces that were pushed out before they were judged (raise NUM_TRACES), and how many wait for their decision.',
  unit: UNIT.COUNT,
  queries: [
    {
      promql: sumBy(
        [],
        `increase(${ofCollector('processor_tail_sampling_sampling_trace_dropped_too_early')}[${STEP}])`,
      ),
      legend: 'dropped too early',
    },
    { promql: 'sum(otelcol_processor_tail_sampling_sampling_traces_on_memory)', legend: 'waiting' },
  ],
  empty: 'No Collector samples',
}

/** What was lost for one reason, and 0 for exporters that never lost anything: they have no such series. */
function lost(counter: 'send_failed' | 'enqueue_failed', what: 'spans' | 'metric_points', reason: string): PromQuery {
  const grown = (of: string): string => sumBy(['exporter'], growth(ofCollector(`exporter_${of}_${what}`), STEP))
  return {
    promql: `${grown(counter)} or 0 * ${grown('sent')}`,
    legend: `${what.replace('_', ' ')} ${reason}, {{exporter}}`,
  }
}

function collector(): Row {
  const grown = (legend: string, name: string, by: readonly string[]): PromQuery => ({
    promql: sumBy(by, growth(ofCollector(name), STEP)),
    legend,
  })
  return {
    title: 'Collector',
    panels: [
      {
        ...OF_COLLECTOR,
        title: 'Received by the Collector',
        description:
          'What the applications sent. Refused means that the Collector had no memory left: the SDKs try again.',
        unit: UNIT.COUNT,
        queries: [
          grown('spans', 'receiver_accepted_spans', []),
          grown('metric points', 'receiver_accepted_metric_points', []),
          grown('spans refused', 'receiver_refused_spans', []),
          grown('metric points refused', 'receiver_refused_metric_points', []),
        ],
      },
      {
        ...OF_COLLECTOR,
        title: 'Exporter health',
        description:
          'What went on from the Collector, by exporter, and what was lost: not taken by whom it was sent to, or beyond what the queue holds.',
        unit: UNIT.COUNT,
        queries: [
          grown('spans to {{exporter}}', 'exporter_sent_spans', ['exporter']),
          grown('metric points to {{exporter}}', 'exporter_sent_metric_points', ['exporter']),
          lost('send_failed', 'spans', 'not taken'),
          lost('send_failed', 'metric_points', 'not taken'),
          lost('enqueue_failed', 'spans', 'beyond the queue'),
          lost('enqueue_failed', 'metric_points', 'beyond the queue'),
        ],
      },
      EXPORTER_QUEUES,
      TAIL_SAMPLING,
    ],
  }
}

function prometheus(): Row {
  return {
    title: 'Prometheus, Alertmanager and Tempo',
    panels: [
      {
        title: 'Rules',
        description:
          'Evaluations of rules that failed, and seconds that the last one took. A failed rule fires no alert.',
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          { promql: `sum(increase(prometheus_rule_evaluation_failures_total[${STEP}]))`, legend: 'failed' },
          { promql: 'max(prometheus_rule_group_last_duration_seconds)', legend: 'seconds' },
        ],
        empty: 'Prometheus does not scrape itself',
        width: 12,
        height: 7,
      },
      {
        title: 'Notifications',
        description:
          'Notifications of Alertmanager that reached nobody, and alerts that Prometheus could not hand to it.',
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          { promql: `sum(increase(alertmanager_notifications_failed_total[${STEP}]))`, legend: 'not delivered' },
          { promql: `sum(increase(prometheus_notifications_dropped_total[${STEP}]))`, legend: 'not handed over' },
        ],
        empty: 'Alertmanager is not scraped',
        width: 12,
        height: 7,
      },
      {
        title: 'Spans that Tempo refused',
        description:
          'Spans that came to Tempo and are not kept, by reason: a limit of its configuration. Who sent them is not told.',
        kind: 'lines',
        unit: UNIT.COUNT,
        queries: [
          {
            promql: `${sumBy(['reason'], `increase(tempo_discarded_spans_total[${STEP}])`)} or 0 * sum(tempo_distributor_spans_received_total)`,
            legend: '{{reason}}',
          },
        ],
        empty: 'Tempo is not scraped',
        width: 12,
        height: 7,
      },
    ],
  }
}
