import { expect, it } from '@jest/globals'
import { chunk, DONE, play } from '../play.ts'

// What a body without a label looks like is told only of one without events: none was taken for a page.
it('an unlabelled stream whose only events come after [DONE] is empty, and no page', () => {
  const report = play(DONE + chunk({ content: 'late' }), { response: { contentType: undefined } })
  expect(report.fault?.code).toBe('empty_stream')
})
