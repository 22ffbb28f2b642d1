import { ended, parseErrors, streams, type RuleCase } from './rule-case.ts'

const HOUR = 60
const DAY = 24 * HOUR

/** What the alerts on the parse-error rate must do, in time as minutes. */
export const PARSE_ERROR_CASES: Readonly<Record<string, Readonly<Record<string, RuleCase>>>> = {
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
    'fires in one environment, however well another does': {
      samples: [
        ended('0+10x60', 'completed', { deployment_environment_name: 'production' }),
        parseErrors('0+2x60', 'malformed_event', { deployment_environment_name: 'production' }),
        ended('0+5000x60', 'completed', { deployment_environment_name: 'staging' }),
        parseErrors('0x60', 'malformed_event', { deployment_environment_name: 'staging' }),
      ],
      firesAt: [30, 60],
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
    'counts errors that happened while the pipeline was out': {
      samples: [ended('0+100x30 _x20 5000+100x40'), parseErrors('0x30 _x20 200x40')],
      quietAt: [30],
      firesAt: [55],
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
      samples: [ended(`0+1000x${DAY + 9 * HOUR}`), parseErrors(`0+4x${DAY} ${4 * DAY}x${9 * HOUR}`)],
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
}
