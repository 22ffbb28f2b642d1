import { expect, it } from '@jest/globals'
import { chunk, DONE, play } from '../play.ts'

const RESET = new TypeError('terminated', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })

// Servers such as Ollama end whole answers with [DONE] and no finish reason: nothing of them was cut.
it('a whole answer whose connection failed later has no finish reason `error`', () => {
  const report = play(chunk({ content: 'Hello' }) + DONE, { bodyError: RESET })
  expect(report).toMatchObject({ fault: { code: 'late_transport_error' }, finishReasons: [] })
})

it('and one that was cut has', () => {
  expect(play(chunk({ content: 'Hello' }), { bodyError: RESET }).finishReasons).toEqual(['error'])
})
