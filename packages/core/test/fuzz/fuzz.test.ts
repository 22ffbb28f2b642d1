// Random streams, damaged at random, cut into random reads, judged twice: by the monitor, and by an oracle that reads the
// whole body at once and was written from the standard and from the contract alone.
//
//   STREAMGAUGE_FUZZ_RUNS=50    50 times as many cases
//   STREAMGAUGE_FUZZ_SEED=…     the cases of this seed; each run prints its own
//   STREAMGAUGE_FUZZ_PATH=…     only the case at this path, as a failure prints it
import { describe, it } from '@jest/globals'
import { compare, damagedCase, show, watch, wholeCase } from './cases.ts'
import { assertFuzz } from './run-fuzz.ts'

describe('random streams', () => {
  it('are judged as an oracle judges them that reads the body at once', () => {
    assertFuzz('damaged streams', 9_000, damagedCase, compare, show)
  })

  it('are completed in every legal spelling and any fragmentation, with nothing to remark but a byte order mark', () => {
    assertFuzz(
      'whole streams',
      2_000,
      wholeCase,
      (one) => {
        const { outcome, anomalies } = watch(one)
        const remarks = anomalies.filter((type) => type !== 'bom' && type !== 'done_missing')
        return outcome === 'completed' && remarks.length === 0 ? [] : [['outcome', 'completed', [outcome, ...remarks]]]
      },
      show,
    )
  })
})
