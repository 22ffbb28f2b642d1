import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import { expressions, growth, sumBy } from '../promql/expressions.ts'
import { LABEL } from '../promql/labels.ts'
import { seriesName, type Door } from '../promql/names.ts'
import { BAR, UNIT, WHOLE, type Dashboard, type Panel, type Row } from './panel.ts'
import { UID } from './uids.ts'
import { CHOSEN, CHOSEN_SPANS, isOneOfChosen, routeVariables } from './variables.ts'

const NO_FAULT = 'No stream broke'
const FAULT_CHOSEN = `${LABEL.FAULT}=~"$fault"`

/** Broken streams in TraceQL, those that were chosen. */
const BROKEN = `{ span.${ATTR.OUTCOME} = "broken" && ${isOneOfChosen(GEN_AI.ERROR_TYPE, 'fault')} && ${CHOSEN_SPANS} }`

/** Which fault, where in the stream, at which hop, on which model and host, at which hour? */
export function failurePatterns(door: Door): Dashboard {
  return {
    uid: UID.FAILURES,
    title: 'Streamgauge: failure patterns',
    description:
      'Which fault, where in the stream, at which hop, on which model and host, at which hour? What is made of traces is of all services: ' +
      'Tempo knows them by another name than Prometheus.',
    tags: ['streamgauge'],
    variables: {
      ...routeVariables(door),
      fault: { label: 'Fault', query: `label_values(${seriesName(METRIC.FAULTS, door)}, ${LABEL.FAULT})` },
    },
    hasTraces: true,
    rows: [what(door), where(), which(door), streams()],
  }
}

function what(door: Door): Row {
  const faults = expressions(door, CHOSEN).select(METRIC.FAULTS, FAULT_CHOSEN)
  return {
    title: 'What, and when',
    panels: [
      {
        title: 'Faults by type and cause',
        description: 'What broke streams in the time shown, and who is likely to have done it.',
        kind: 'table',
        unit: UNIT.COUNT,
        queries: [{ promql: `sort_desc(${sumBy([LABEL.FAULT, LABEL.CAUSE], growth(faults, WHOLE))} > 0)` }],
        columns: { [LABEL.FAULT]: 'Fault', [LABEL.CAUSE]: 'Cause', Value: 'Streams' },
        empty: NO_FAULT,
        width: 8,
        height: 9,
      },
      {
        title: 'When',
        description:
          'Faults per hour. The same hours each day point to load; one that begins at a minute points to what was deployed then.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [{ promql: sumBy([LABEL.FAULT], growth(faults, '1h')), legend: `{{${LABEL.FAULT}}}` }],
        interval: '1h',
        empty: NO_FAULT,
        width: 8,
        height: 9,
      },
      {
        title: 'Faults by cause',
        description:
          'Which part of the way is likely to have done it: the network, a proxy, the provider or a timer of your own.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [{ promql: sumBy([LABEL.CAUSE], growth(faults, BAR)), legend: `{{${LABEL.CAUSE}}}` }],
        empty: NO_FAULT,
        width: 8,
        height: 9,
      },
    ],
  }
}

function where(): Row {
  const third = { width: 8, height: 8, empty: NO_FAULT } as const
  return {
    title: 'Where in the stream it broke',
    panels: [
      {
        ...third,
        title: 'By chunk',
        description:
          'Which chunk of its stream could not be read, counted from 0; the most frequent ones. Always the first means that no stream was sent at all; always about the same one means a limit.',
        kind: 'ranking',
        unit: UNIT.COUNT,
        queries: [
          {
            traceql: `${BROKEN} | count_over_time() by (span.${ATTR.CHUNK_INDEX}) | topk(20)`,
            answer: 'numbers',
          },
        ],
      },
      {
        ...third,
        title: 'By bytes',
        description:
          'How many bytes had come when it broke, up to the power of two that a colour stands for. Always the same means a buffer or a limit of some hop.',
        kind: 'bars',
        unit: UNIT.COUNT,
        queries: [{ traceql: `${BROKEN} | histogram_over_time(span.${ATTR.BYTES})`, answer: 'numbers over time' }],
      },
      {
        ...third,
        title: 'By silence',
        description:
          'The longest waits for bytes in streams that broke: the longest, the mean and the shortest of them. All at the same number of seconds means a timer; 60 s is what many proxies have.',
        kind: 'lines',
        unit: UNIT.SECONDS,
        // Tempo makes no histogram of fractions.
        queries: ['max', 'avg', 'min'].map((of) => ({
          traceql: `${BROKEN} | ${of}_over_time(span.${ATTR.MAX_GAP})`,
          answer: 'numbers over time' as const,
        })),
      },
    ],
  }
}

function which(door: Door): Row {
  const faults = expressions(door, CHOSEN).select(METRIC.FAULTS, FAULT_CHOSEN)
  const ranking = (title: string, description: string, promql: string, legend: string): Panel => ({
    title,
    description,
    kind: 'ranking',
    unit: UNIT.COUNT,
    queries: [{ promql, legend }],
    empty: NO_FAULT,
    width: 8,
    height: 8,
  })
  const by = (label: string): string => `sort_desc(${sumBy([label, LABEL.FAULT], growth(faults, WHOLE))} > 0)`
  return {
    title: 'On which model, host and hop',
    panels: [
      ranking(
        'Faults by model',
        'What broke streams of which model.',
        by(LABEL.MODEL),
        `{{${LABEL.MODEL}}} {{${LABEL.FAULT}}}`,
      ),
      ranking(
        'Faults by host',
        'What broke streams of which host. One host alone points to what stands in front of it; all of them to your own side.',
        by(LABEL.HOST),
        `{{${LABEL.HOST}}} {{${LABEL.FAULT}}}`,
      ),
      {
        title: 'Hops',
        description:
          'Proxies that the response headers of broken streams tell of, as many as tell of themselves; `nil` where none does. Compare with all faults chosen.',
        kind: 'ranking',
        unit: UNIT.COUNT,
        queries: [
          {
            traceql: `${BROKEN} | count_over_time() by (span.${ATTR.HTTP_VIA})`,
            answer: 'numbers',
          },
        ],
        empty: 'No hop told of itself',
        width: 8,
        height: 8,
      },
    ],
  }
}

function streams(): Row {
  const shown = [
    GEN_AI.ERROR_TYPE,
    ATTR.CAUSE,
    ATTR.CAUSE_CONFIDENCE,
    ATTR.REMEDY,
    ATTR.CHUNK_RAW,
    ATTR.CHUNK_INDEX,
    ATTR.BYTES,
    GEN_AI.REQUEST_MODEL,
    GEN_AI.SERVER_ADDRESS,
  ]
  const odd = [
    ATTR.ANOMALIES,
    ATTR.MAX_GAP,
    ATTR.HTTP_VIA,
    ATTR.HTTP_CONTENT_ENCODING,
    GEN_AI.REQUEST_MODEL,
    GEN_AI.SERVER_ADDRESS,
  ]
  const select = (attributes: readonly string[]): string =>
    `select(${attributes.map((name) => `span.${name}`).join(', ')})`
  const table = { kind: 'table', unit: UNIT.COUNT, width: 24, height: 10 } as const
  return {
    title: 'The streams themselves',
    panels: [
      {
        ...table,
        title: 'Newest broken streams',
        description:
          'What broke, why, what to do, and the raw chunk, masked. A click on the trace opens it: its chunk spans are the last reads before the break.',
        queries: [{ traceql: `${BROKEN} | ${select(shown)} with (most_recent=true)`, answer: 'spans' }],
        empty: NO_FAULT,
      },
      {
        ...table,
        title: 'Stalled and buffered streams',
        description: 'They may have come to a good end; their users waited.',
        queries: [
          {
            traceql:
              `{ (span.${ATTR.ANOMALIES} = "stalled" || span.${ATTR.ANOMALIES} = "buffered") && ${CHOSEN_SPANS} } | ` +
              `${select(odd)} with (most_recent=true)`,
            answer: 'spans',
          },
        ],
        empty: 'No stream stalled or was buffered',
      },
    ],
  }
}
