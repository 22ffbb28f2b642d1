import Sequencer from '@jest/test-sequencer'

/** Begun last, they would keep one worker busy long after the others are done. */
const LONGEST = ['instrumentation-openai/test/matrix.test.ts', 'instrumentation-openai/test/doors.test.ts']

/** The order of jest, which knows how long tests took from its cache alone, but with the longest first. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is jest's, and of tests
    const ordered = await super.sort(tests)
    const isLong = ({ path }) => LONGEST.some((name) => path.endsWith(name))
    return [...ordered.filter((test) => isLong(test)), ...ordered.filter((test) => !isLong(test))]
  }
}
