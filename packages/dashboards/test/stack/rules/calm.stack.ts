import { describe, it } from '@jest/globals'
import { isBuilt } from '../programs/programs.ts'
import { anomalies, ended, expectCalm, faults, parseErrors, streams, watched, type Samples } from './rule-case.ts'

const HOUR = 60

/** Courses in which nothing is wrong: no alert of any kind may fire, at any minute. */
const CALM: Readonly<
  Record<string, { readonly minutes: number; readonly samples: readonly Samples[]; readonly from?: number }>
> = {
  'a service that is well, with a fault now and then': {
    minutes: 3 * HOUR,
    samples: [...streams(20, 180, 0.01), parseErrors('0+0.01x180'), faults('0+0.01x180'), watched('1x180')],
  },
  'all processes replaced by a deployment': {
    minutes: 2 * HOUR,
    samples: [
      ended('0+500x60 _x60'),
      parseErrors('0+0.4x60 _x60'),
      ended('_x60 0+500x60', 'completed', { instance: 'b' }),
      parseErrors('_x60 0+0.4x60', 'malformed_event', { instance: 'b' }),
    ],
  },
  'an outage of the pipeline of two hours, long after a bad time': {
    // The bad time is before it, and its alerts are over.
    from: 6 * HOUR + 40,
    minutes: 10 * HOUR,
    samples: [
      ended('50000+100x400 _x120 102000+100x90'),
      parseErrors('400x400 _x120 400x90'),
      faults('400x400 _x120 400x90', 'truncated_event'),
    ],
  },
  'a new host that buffers, as it always does': {
    minutes: 2 * HOUR,
    samples: [ended('_x30 1+10x90'), anomalies('_x30 1+8x90', 'buffered')],
  },
  'a new model with its usual faults': {
    minutes: HOUR,
    samples: [...streams(20, 60, 0.6), faults('0+0.6x60', '429')],
  },
}

const withPromtool = isBuilt('prometheus') ? describe : describe.skip

withPromtool('no alert at all', () => {
  it.each(Object.entries(CALM))('%s', (_, { samples, minutes, from = 6 }) => {
    expectCalm(samples, from, minutes)
  })
})
