import { METRIC } from '@streamgauge/core/semconv'
import { describe, expect, it } from '@jest/globals'
import { ALERTS } from '../../../src/alerts/index.ts'
import { isBuilt } from '../programs/programs.ts'
import {
  anomalies,
  ended,
  expectAlert,
  expectTexts,
  faults,
  parseErrors,
  ROUTE,
  series,
  type RuleCase,
} from './rule-case.ts'

const HOUR = 60
const DAY = 24 * HOUR

const watched = (values: string, labels = {}): ReturnType<typeof series> =>
  series(METRIC.WATCHED, values, { streamgauge_sdk_version: '7.57.0', ...labels })

/** Streams of the route: `broken` of all that end in a minute. */
const streams = (perMinute: number, minutes: number, broken = 0) => [
  ended(`0+${perMinute - broken}x${minutes}`),
  ended(`0+${broken}x${minutes}`, 'broken'),
]

/** What each alert must do, in time as minutes. */
const CASES: Readonly<Record<string, Readonly<Record<string, RuleCase>>>> = {
  StreamgaugeParseErrorsFast: {
    'fires at 2 % of the streams': {
      samples: [...streams(50, 60, 1), parseErrors('0+1x60')],
      quietAt: [2],
      firesAt: [10, 60],
    },
    'resolves after the last parse error': {
      samples: [...streams(50, 120, 1), parseErrors('0+1x30 30x90')],
      firesAt: [30],
      quietAt: [60, 120],
    },
    'resolves at once where many streams go well': {
      samples: [ended('0+50x20 11000+10000x20'), parseErrors('0+1x20 20x20')],
      firesAt: [20],
      quietAt: [24],
    },
    'stays quiet without any data': { samples: [], quietAt: [10] },
    'stays quiet where nothing was ever counted as a parse error': { samples: streams(50, 60), quietAt: [60] },
    'stays quiet where no stream ended, which is 0 of 0': {
      samples: [ended('0x60'), parseErrors('0x60')],
      quietAt: [30, 60],
    },
    'takes no counter that begins again for errors': {
      samples: [ended('0+50x30 0+50x30'), parseErrors('5x30 0x30')],
      quietAt: [31, 35, 60],
    },
    'takes no process that comes after a deployment for errors': {
      samples: [
        ended('0+500x30 _x30'),
        parseErrors('0x30 _x30'),
        ended('_x30 0+500x30', 'completed', { instance: 'b' }),
        parseErrors('_x30 0x30', 'malformed_event', { instance: 'b' }),
      ],
      quietAt: [31, 36, 60],
    },
    'takes no totals that come back after a long outage of the pipeline for new errors': {
      samples: [ended('100000x10 _x130 100000x30'), parseErrors('200x10 _x130 200x30')],
      quietAt: [141, 145, 150, 170],
    },
    'counts errors that a process had before its first export': {
      samples: [ended('_x10 200x20'), parseErrors('_x10 8x20')],
      firesAt: [15],
    },
    'counts errors of a type that never was before': {
      samples: [...streams(50, 60), parseErrors('_x30 8+8x30', 'connection_reset')],
      quietAt: [29],
      firesAt: [36],
    },
    'stays quiet just below both limits': {
      samples: [ended('0+1000x480'), parseErrors('0+5.9x480')],
      quietAt: [HOUR, 8 * HOUR],
    },
    'fires just above the lower one, over six hours': {
      samples: [ended('0+1000x480'), parseErrors('0+6.1x480')],
      firesAt: [8 * HOUR],
    },
    'stays quiet below a hundred streams, whatever their share': {
      samples: [ended('0+1x80'), parseErrors('0+0.5x80')],
      quietAt: [HOUR, 80],
    },
    'stays quiet at four parse errors': {
      samples: [ended('0+50x60'), parseErrors('0x10 4x50')],
      quietAt: [12, 16, 60],
    },
  },
  StreamgaugeParseErrorsSlow: {
    'fires at 0.4 % for a day, where the fast one does not': {
      samples: [ended(`0+1000x${DAY + HOUR}`), parseErrors(`0+4x${DAY + HOUR}`)],
      firesAt: [DAY],
    },
    'resolves some hours after the last parse error': {
      samples: [ended(`0+1000x${2 * DAY}`), parseErrors(`0+4x${DAY} ${4 * DAY}x${DAY}`)],
      firesAt: [DAY],
      quietAt: [DAY + 8 * HOUR],
    },
    'stays quiet without any data': { samples: [], quietAt: [DAY] },
    'stays quiet where no stream ended, which is 0 of 0': {
      samples: [ended(`0x${DAY}`), parseErrors(`0x${DAY}`)],
      quietAt: [DAY],
    },
    'takes no counter that begins again for errors': {
      samples: [ended(`0+50x600 0+50x600`), parseErrors('20x600 0x600')],
      quietAt: [601, 700, 1200],
    },
    'fires just above its budget over three days, and stays quiet just below it': {
      samples: [
        ended(`0+1000x${3 * DAY}`),
        parseErrors(`0+1.01x${3 * DAY}`),
        ended(`0+1000x${3 * DAY}`, 'completed', { server_address: 'below' }),
        parseErrors(`0+0.99x${3 * DAY}`, 'malformed_event', { server_address: 'below' }),
      ],
      // One alert, not two.
      firesAt: [3 * DAY],
    },
  },
  StreamgaugeFaultRise: {
    'fires where a type of fault that never was breaks 4 % of the streams': {
      samples: [...streams(50, 180, 2), faults('_x120 2+2x60')],
      quietAt: [119],
      firesAt: [130],
    },
    'fires at five times its share of the day before': {
      samples: [ended(`0+100x${DAY + 40}`), faults(`0+0.5x${DAY} ${DAY / 2}+5x40`)],
      quietAt: [DAY],
      firesAt: [DAY + 12],
    },
    'stays quiet at four times its share of the day before': {
      samples: [ended(`0+100x${DAY + 40}`), faults(`0+0.5x${DAY} ${DAY / 2}+2.2x40`)],
      quietAt: [DAY + 12, DAY + 40],
    },
    'stays quiet just below 2 % of the streams': {
      samples: [ended('0+100x180'), faults('0x120 0+1.9x60')],
      quietAt: [140, 180],
    },
    'stays quiet at four broken streams': {
      samples: [ended('0+5x180'), faults('0x120 4x60')],
      quietAt: [122, 126, 140],
    },
    'stays quiet where twice as many streams bring twice as many faults': {
      samples: [ended(`0+50x${DAY} ${50 * DAY}+500x60`), faults(`0+1.5x${DAY} ${1.5 * DAY}+15x60`)],
      quietAt: [DAY + 10, DAY + 60],
    },
    'resolves ten minutes after the last fault': {
      samples: [...streams(50, 240), faults('0x120 0+2x30 60x90')],
      firesAt: [140],
      quietAt: [168],
    },
    'resolves when the fault has become usual': {
      samples: [ended(`0+100x${2 * DAY}`), faults(`0x${DAY} 0+5x${DAY}`)],
      firesAt: [DAY + 12],
      quietAt: [DAY + 6 * HOUR],
    },
    'stays quiet without any data': { samples: [], quietAt: [60] },
    'stays quiet where no stream ended, which is 0 of 0': { samples: [ended('0x60'), faults('0x60')], quietAt: [60] },
    'takes no counter that begins again for faults': {
      samples: [ended('0+50x30 0+50x30'), faults('40x30 0x30')],
      quietAt: [31, 36, 60],
    },
  },
  StreamgaugeAnswersCut: {
    'fires after five minutes of 2 %': {
      samples: [...streams(50, 90, 1), faults('0+1x90')],
      quietAt: [5],
      firesAt: [20, 90],
    },
    'adds up all ways in which an answer is cut': {
      samples: [
        ...streams(100, 90),
        faults('0+0.4x90', 'truncated_event'),
        faults('0+0.4x90', 'connection_reset'),
        faults('0+0.4x90', 'premature_close'),
      ],
      firesAt: [60],
    },
    'stays quiet at errors that were told': {
      samples: [...streams(50, 90, 5), faults('0+5x90', 'upstream_error'), faults('0+5x90', '429')],
      quietAt: [60, 90],
    },
    'stays quiet just below 1 %': { samples: [ended('0+1000x90'), faults('0+9.9x90')], quietAt: [60, 90] },
    'resolves half an hour after the last cut answer': {
      samples: [...streams(50, 120), faults('0+1x40 40x80')],
      firesAt: [40],
      quietAt: [78],
    },
    'stays quiet without any data': { samples: [], quietAt: [60] },
    'stays quiet where no stream ended, which is 0 of 0': { samples: [ended('0x60'), faults('0x60')], quietAt: [60] },
    'takes no counter that begins again for cut answers': {
      samples: [ended('0+50x30 0+50x30'), faults('40x30 0x30')],
      quietAt: [36, 60],
    },
    'takes no counter that began again between two samples, and is higher than before, for all of it': {
      samples: [ended('0+1000x60'), faults('40x30 0x1 1x28')],
      quietAt: [36, 60],
    },
  },
  StreamgaugeStreamsStalled: {
    'fires after five minutes of 3 %': {
      samples: [ended('0+100x90'), anomalies('0+3x90', 'stalled')],
      firesAt: [20],
    },
    'stays quiet at other anomalies': {
      samples: [ended('0+100x90'), anomalies('0+30x90', 'done_missing')],
      quietAt: [60],
    },
    'stays quiet just below 2 %': {
      samples: [ended('0+1000x90'), anomalies('0+19.9x90', 'stalled')],
      quietAt: [60, 90],
    },
    'resolves half an hour after the last one': {
      samples: [ended('0+100x120'), anomalies('0+3x40 120x80', 'stalled')],
      firesAt: [40],
      quietAt: [78],
    },
    'stays quiet without any data': { samples: [], quietAt: [60] },
    'stays quiet where no stream ended, which is 0 of 0': {
      samples: [ended('0x60'), anomalies('0x60', 'stalled')],
      quietAt: [60],
    },
    'takes no counter that begins again for stalls': {
      samples: [ended('0+50x30 0+50x30'), anomalies('40x30 0x30', 'stalled')],
      quietAt: [36, 60],
    },
  },
  StreamgaugeHostBuffers: {
    'fires where a host begins to buffer, over all of its models': {
      samples: [
        ended(`0+10x${DAY + 60}`),
        ended(`0+10x${DAY + 60}`, 'completed', { gen_ai_request_model: 'gpt-5' }),
        anomalies(`_x${DAY} 3+3x60`, 'buffered'),
        anomalies(`_x${DAY} 3+3x60`, 'buffered', { gen_ai_request_model: 'gpt-5' }),
      ],
      quietAt: [DAY - 1],
      firesAt: [DAY + 20],
    },
    'stays quiet at a host that always did': {
      samples: [ended(`0+10x${DAY}`), anomalies(`0+8x${DAY}`, 'buffered')],
      quietAt: [6 * HOUR, DAY - 1],
    },
    'stays quiet just below 20 %': {
      samples: [ended('0+100x180'), anomalies('0x100 0+19.9x80', 'buffered')],
      quietAt: [120, 180],
    },
    'resolves when the answers come piece by piece again': {
      samples: [ended('0+10x240'), anomalies('0x100 0+5x40 200x100', 'buffered')],
      firesAt: [125],
      quietAt: [162],
    },
    'stays quiet at four buffered answers': {
      samples: [ended('0+1x180'), anomalies('0x100 4x80', 'buffered')],
      quietAt: [103, 110, 120],
    },
    'stays quiet without any data': { samples: [], quietAt: [60] },
    'stays quiet where no stream ended, which is 0 of 0': {
      samples: [ended('0x60'), anomalies('0x60', 'buffered')],
      quietAt: [60],
    },
    'takes no counter that begins again for buffering': {
      samples: [ended('0+50x30 0+50x30'), anomalies('400x30 0x30', 'buffered')],
      quietAt: [36, 60],
    },
  },
  StreamgaugeNoTelemetry: {
    'fires 15 minutes after the last process fell silent': {
      samples: [watched('1x60 _x60'), watched('1x30 _x90', { instance: 'b' })],
      quietAt: [60, 74],
      firesAt: [77, 120],
    },
    'stays quiet as long as one process tells': {
      samples: [watched('1x60 _x60'), watched('1x120', { instance: 'b' })],
      quietAt: [120],
    },
    'stays quiet while there are no streams': { samples: [watched('1x120')], quietAt: [120] },
    'stays quiet where nothing ever came': { samples: [], quietAt: [120] },
    'resolves when something comes again, after a deployment as well': {
      samples: [watched('1x60 _x60'), watched('_x100 1x20', { instance: 'b' })],
      firesAt: [90],
      quietAt: [101],
    },
    'gives up a day after the last sign of life': {
      samples: [watched('1x60 _x1500')],
      firesAt: [DAY],
      quietAt: [DAY + 62],
    },
    'stays quiet over a gap of ten minutes': { samples: [watched('1x60 _x10 1x60')], quietAt: [65, 70, 80] },
  },
}

const withPromtool = isBuilt('prometheus') ? describe : describe.skip

it('each alert has its cases', () => {
  expect(Object.keys(CASES)).toEqual(ALERTS.map(({ name }) => name))
})

withPromtool.each(Object.entries(CASES))('%s', (alert, cases) => {
  it.each(Object.entries(cases))('%s', (_, course) => {
    expectAlert(alert, course)
  })
})

withPromtool('the texts of an alert', () => {
  const grafana = 'http://localhost:3000/d'
  const chosen = 'var-job=shop%2Fchat&var-provider=openai&var-model=gpt-5-mini&var-host=api.openai.com'

  it('name the share, the model, the host, the provider and the service, and link to what helps', () => {
    expectTexts(
      'StreamgaugeParseErrorsFast',
      30,
      [...streams(50, 60, 1), parseErrors('0+1x60')],
      { ...ROUTE, severity: 'critical' },
      {
        summary:
          'Chunks of 2% of the streams could not be parsed: gpt-5-mini at api.openai.com (openai), asked by shop/chat',
        description:
          'The parse-error rate uses up the budget of a month within two to five days. Answers are cut or garbled right now.',
        dashboard_url: `${grafana}/streamgauge-failures?${chosen}`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-1`,
      },
    )
  })

  it('name the fault that has risen', () => {
    expectTexts(
      'StreamgaugeFaultRise',
      140,
      [...streams(50, 180, 2), faults('0x120 0+2x60')],
      { ...ROUTE, error_type: 'missing_terminator', severity: 'warning' },
      {
        summary:
          'missing_terminator breaks 4% of the streams, suddenly: gpt-5-mini at api.openai.com (openai), asked by shop/chat',
        description: 'One type of fault breaks more than 5 times as many streams as in the day before.',
        dashboard_url: `${grafana}/streamgauge-failures?${chosen}&var-fault=missing_terminator`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-3`,
      },
    )
  })

  it('name the service that fell silent', () => {
    expectTexts(
      'StreamgaugeNoTelemetry',
      90,
      [watched('1x60 _x60')],
      { job: ROUTE.job, severity: 'warning' },
      {
        summary: 'No telemetry for 15 minutes from shop/chat',
        description:
          'Nothing at all came from this service for 15 minutes, where something came within the last day: its streams are not watched.',
        dashboard_url: `${grafana}/streamgauge-self-check?var-job=shop%2Fchat`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-7`,
      },
    )
  })
})
