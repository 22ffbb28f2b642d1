import { GEN_AI_METRIC, METRIC } from '@streamgauge/core/semconv'
import { FAST_BURN, PARSE_ERROR_BUDGET } from '../alerts/recording.ts'
import { expressions, growth, isOneOf, sumBy } from '../promql/expressions.ts'
import { LABEL } from '../promql/labels.ts'
import type { Metric } from '../promql/instruments.ts'
import type { Door } from '../promql/names.ts'
import { BAR, STEP, UNIT, WHOLE, type Dashboard, type Panel, type Row } from './panel.ts'
import { UID } from './uids.ts'
import { CHOSEN, routeVariables } from './variables.ts'

const NO_STREAMS = 'No stream has ended'
const WHERE = [LABEL.PROVIDER, LABEL.MODEL, LABEL.HOST]

const ALERTS_THAT_FIRE: Panel = {
  title: 'Alerts that fire',
  description: 'Alerts of Streamgauge that fire now. Their runbook is the dashboard of that name.',
  kind: 'table',
  unit: UNIT.COUNT,
  queries: [{ promql: 'ALERTS{alertname=~"Streamgauge.*", alertstate="firing"}' }],
  columns: {
    alertname: 'Alert',
    severity: 'Severity',
    [LABEL.MODEL]: 'Model',
    [LABEL.HOST]: 'Host',
    [LABEL.JOB]: 'Service',
  },
  empty: 'No alert fires',
  width: 24,
  height: 5,
}

/** Are streams whole, and in time? */
export function streamHealth(door: Door): Dashboard {
  return {
    uid: UID.HEALTH,
    title: 'Streamgauge: stream health',
    description: 'Are streams whole and in time? By service, provider, model and host.',
    tags: ['streamgauge'],
    variables: routeVariables(door),
    hasTraces: false,
    rows: [atAGlance(door), overTime(door), timing(door), byRoute(door)],
  }
}

function atAGlance(door: Door): Row {
  const { judged, select } = expressions(door, CHOSEN)
  const streams = `sum(${growth(judged(), WHOLE)})`
  const parseErrors = `sum(${growth(select(METRIC.PARSE_ERRORS), WHOLE)})`
  const broken = `sum(${growth(select(METRIC.ENDED, isOneOf(LABEL.OUTCOME, ['broken'])), WHOLE)})`
  const found = (type: string): string =>
    `sum(${growth(select(METRIC.ANOMALIES, isOneOf(LABEL.ANOMALY, [type])), WHOLE)}) or 0 * ${streams}`
  return {
    title: 'At a glance',
    panels: [
      number({
        title: 'Parse-error rate',
        description: `Chunks that could not be parsed, per stream that ended. The objective is at most ${PARSE_ERROR_BUDGET * 100} %; streams that were handed over or never read are not counted.`,
        unit: UNIT.SHARE,
        queries: [{ promql: `${parseErrors} / (${streams} > 0)` }],
        limits: [PARSE_ERROR_BUDGET, FAST_BURN * PARSE_ERROR_BUDGET],
      }),
      number({
        title: 'Broken streams',
        description:
          'Share of the streams that a fault ended. What the application ended itself is not counted as broken.',
        unit: UNIT.SHARE,
        queries: [{ promql: `${broken} / (${streams} > 0)` }],
        limits: [0.01, 0.05],
      }),
      number({
        title: 'Streams ended',
        description: 'Streams that ended in the time shown: completed, broken or cancelled.',
        unit: UNIT.COUNT,
        queries: [{ promql: streams }],
      }),
      number({
        title: 'Active streams',
        description: 'Streams that are open at this moment, over all processes.',
        unit: UNIT.COUNT,
        queries: [{ promql: `sum(${select(METRIC.ACTIVE)})` }],
      }),
      number({
        title: 'Stalled streams',
        description: 'Streams that were silent for longer than the threshold while the application waited for bytes.',
        unit: UNIT.COUNT,
        queries: [{ promql: found('stalled') }],
        limits: [1, 20],
      }),
      number({
        title: 'Buffered streams',
        description: 'Answers that came late and at once: some hop collects them before it hands them on.',
        unit: UNIT.COUNT,
        queries: [{ promql: found('buffered') }],
        limits: [1, 20],
      }),
      ALERTS_THAT_FIRE,
    ],
  }
}

function number(panel: Omit<Panel, 'kind' | 'width' | 'height' | 'empty'>): Panel {
  return { ...panel, kind: 'number', empty: NO_STREAMS, width: 4, height: 4 }
}

function overTime(door: Door): Row {
  const { judged, select } = expressions(door, CHOSEN)
  const half = { width: 12, height: 8, empty: NO_STREAMS } as const
  return {
    title: 'How streams ended',
    panels: [
      {
        ...half,
        title: 'Parse-error rate against its objective',
        description:
          'Chunks that could not be parsed per stream, and what the objective allows. Far above it for long is what the burn-rate alerts tell of.',
        kind: 'lines',
        unit: UNIT.SHARE,
        queries: [
          {
            promql: `sum(${growth(select(METRIC.PARSE_ERRORS), STEP)}) / (sum(${growth(judged(), STEP)}) > 0)`,
            legend: 'parse errors per stream',
          },
          { promql: 'streamgauge:parse_error:budget', legend: 'objective' },
        ],
      },
      {
        ...half,
        title: 'Outcomes',
        description:
          'Streams by how they ended: completed, broken by a fault, cancelled by the application, abandoned unread, or handed over raw.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [
          { promql: sumBy([LABEL.OUTCOME], growth(select(METRIC.ENDED), BAR)), legend: `{{${LABEL.OUTCOME}}}` },
        ],
      },
      {
        ...half,
        title: 'Faults by type',
        description: 'What broke streams, by the code of the fault catalogue or the HTTP status.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [{ promql: sumBy([LABEL.FAULT], growth(select(METRIC.FAULTS), BAR)), legend: `{{${LABEL.FAULT}}}` }],
        empty: 'No fault',
      },
      {
        ...half,
        title: 'Faults by cause',
        description: 'Who is likely to have done it. How sure that is stands on each span.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [{ promql: sumBy([LABEL.CAUSE], growth(select(METRIC.FAULTS), BAR)), legend: `{{${LABEL.CAUSE}}}` }],
        empty: 'No fault',
      },
    ],
  }
}

function timing(door: Door): Row {
  const { quantile, select } = expressions(door, CHOSEN)
  const percentiles = (title: string, description: string, metric: Metric, empty = NO_STREAMS): Panel => ({
    title,
    description,
    kind: 'lines',
    unit: UNIT.SECONDS,
    queries: [0.5, 0.95, 0.99].map((q) => ({ promql: quantile(q, metric, STEP), legend: `p${q * 100}` })),
    empty,
    width: 12,
    height: 8,
  })
  return {
    title: 'Timing',
    panels: [
      percentiles(
        'Time to first chunk',
        'From the request to the first chunk of output. A rise on one host alone is a queue there; with buffered streams it is a proxy.',
        GEN_AI_METRIC.TIME_TO_FIRST_CHUNK,
      ),
      percentiles(
        'Longest gap',
        'The longest wait for bytes within a stream, less the time in which the application itself kept it waiting. Proxies close what is silent for too long, many after 60 s.',
        METRIC.MAX_GAP,
      ),
      percentiles(
        'Time per output chunk',
        'From one chunk of output to the next, in one stream of ten.',
        GEN_AI_METRIC.TIME_PER_OUTPUT_CHUNK,
        'No stream was sampled',
      ),
      {
        title: 'Anomalies',
        description: 'What was odd about streams and broke none of them, by type.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [
          { promql: sumBy([LABEL.ANOMALY], growth(select(METRIC.ANOMALIES), BAR)), legend: `{{${LABEL.ANOMALY}}}` },
        ],
        empty: 'No anomaly',
        width: 12,
        height: 8,
      },
    ],
  }
}

function byRoute(door: Door): Row {
  const { judged, quantile, select } = expressions(door, CHOSEN)
  const streams = sumBy(WHERE, growth(judged(), WHOLE))
  const share = (of: string): string => `${sumBy(WHERE, of)} / (${streams} > 0)`
  const broken = select(METRIC.ENDED, isOneOf(LABEL.OUTCOME, ['broken']))
  return {
    title: 'By model, provider and host',
    panels: [
      {
        title: 'By model, provider and host',
        description: 'Where streams go, and how they fare there.',
        kind: 'table',
        unit: UNIT.COUNT,
        queries: [
          { promql: streams },
          { promql: share(growth(broken, WHOLE)) },
          { promql: share(growth(select(METRIC.PARSE_ERRORS), WHOLE)) },
          { promql: quantile(0.95, GEN_AI_METRIC.TIME_TO_FIRST_CHUNK, WHOLE, WHERE) },
          { promql: quantile(0.95, METRIC.MAX_GAP, WHOLE, WHERE) },
        ],
        columns: {
          [LABEL.PROVIDER]: 'Provider',
          [LABEL.MODEL]: 'Model',
          [LABEL.HOST]: 'Host',
          'Value #A': 'Streams',
          'Value #B': 'Broken',
          'Value #C': 'Parse-error rate',
          'Value #D': 'First chunk, p95',
          'Value #E': 'Longest gap, p95',
        },
        columnUnits: {
          Broken: UNIT.SHARE,
          'Parse-error rate': UNIT.SHARE,
          'First chunk, p95': UNIT.SECONDS,
          'Longest gap, p95': UNIT.SECONDS,
        },
        empty: NO_STREAMS,
        width: 24,
        height: 9,
      },
      brokenBy(door, 'model', LABEL.MODEL),
      brokenBy(door, 'host', LABEL.HOST),
    ],
  }
}

function brokenBy(door: Door, what: string, label: string): Panel {
  const { judged, select } = expressions(door, CHOSEN)
  const grown = (of: string): string => sumBy([label], growth(of, STEP))
  const broken = select(METRIC.ENDED, isOneOf(LABEL.OUTCOME, ['broken']))
  return {
    title: `Broken streams by ${what}`,
    description: `Share of the streams of a ${what} that a fault ended.`,
    kind: 'lines',
    unit: UNIT.SHARE,
    queries: [{ promql: `${grown(broken)} / (${grown(judged())} > 0)`, legend: `{{${label}}}` }],
    empty: NO_STREAMS,
    width: 12,
    height: 8,
  }
}
