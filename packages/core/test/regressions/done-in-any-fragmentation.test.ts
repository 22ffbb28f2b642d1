import { describe, expect, it } from '@jest/globals'
import { chunk, play } from '../play.ts'

// White space after [DONE] was looked for in a whole read, and only as far as the head of a line that came in two.
const hello = chunk({ content: 'Hello' })

describe('[DONE] with something after it ends an answer, as it does for openai 4 to 6', () => {
  it.each([
    ['one space', 'data: [DONE] '],
    ['many spaces', `data: [DONE]${' '.repeat(20)}`],
    ['a word', 'data: [DONE]ok'],
    ['a second data line', 'data: [DONE]\ndata: [DONE]'],
  ])('%s, in one read and in many', (_, lines) => {
    for (const body of [`${hello}${lines}\n\n`, `${hello}${lines}`]) {
      for (const cuts of [[], Array.from(body, (_character, at) => at)]) {
        expect(play(body, { cuts })).toMatchObject({ outcome: 'completed', end: 'terminator', events: 1 })
      }
    }
  })

  it('but where openai 7 fails on it, the application saw a throw', () => {
    const ending = { kind: 'threw', error: { names: ['SyntaxError'], codes: [] } } as const
    expect(play(`${hello}data: [DONE] \n\n`, { ending })).toMatchObject({
      outcome: 'broken',
      fault: { code: 'malformed_event' },
    })
  })
})
