import { anomalies, ended, faults, ofNothing, streams, watched, type RuleCase } from './rule-case.ts'

const HOUR = 60
const DAY = 24 * HOUR

/** What the alerts on patterns must do, in time as minutes. */
export const PATTERN_CASES: Readonly<Record<string, Readonly<Record<string, RuleCase>>>> = {
  StreamgaugeStreamsBreak: {
    'fires after five minutes of 20 %': {
      samples: [...streams(10, 60, 2), faults('0+2x60', 'upstream_error')],
      quietAt: [4],
      firesAt: [14, 60],
    },
    'fires for as long as it lasts, however usual it has become': {
      samples: [...streams(10, 12 * HOUR, 5), faults(`0+5x${12 * HOUR}`, '429')],
      firesAt: [HOUR, 6 * HOUR, 12 * HOUR],
    },
    'fires where there is a handful of streams in an hour, and all of them break': {
      samples: [ended('0+0.1x240', 'broken'), faults('0+0.1x240', 'truncated_event')],
      quietAt: [30],
      firesAt: [90, 240],
    },
    'stays quiet just below 10 %': {
      samples: [ended('0+100x90'), faults('0+9.9x90', 'upstream_error')],
      quietAt: [60, 90],
    },
    "stays quiet at the application's own deadlines": {
      samples: [...streams(10, 60, 5), faults('0+5x60', 'client_timeout')],
      quietAt: [30, 60],
    },
    'resolves some minutes after streams go well again': {
      samples: [...streams(10, 120, 5), faults('0+5x40 200x80', 'upstream_error')],
      firesAt: [40],
      quietAt: [55, 120],
    },
    ...ofNothing(faults),
    'takes no counter that begins again for broken streams': {
      samples: [ended('1000+50x30 0+50x30'), faults('40x30 0x30')],
      quietAt: [31, 36, 60],
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
    ...ofNothing(faults),
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
    'fires in a flood of requests that get no answer at all': {
      samples: [ended('0+10x90'), ended('0+1510x90', 'broken'), faults('0+10x90'), faults('0+1500x90', '429')],
      firesAt: [20, 90],
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
    ...ofNothing(faults),
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
    ...ofNothing((values) => anomalies(values, 'stalled')),
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
    ...ofNothing((values) => anomalies(values, 'buffered')),
    'takes no counter that begins again for buffering': {
      samples: [ended('0+50x30 0+50x30'), anomalies('400x30 0x30', 'buffered')],
      quietAt: [36, 60],
    },
  },
  StreamgaugeNoTelemetry: {
    'fires 20 minutes after the last process fell silent': {
      samples: [watched('1x60 _x60'), watched('1x30 _x90', { instance: 'b' })],
      quietAt: [60, 74, 79],
      firesAt: [83, 120],
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
