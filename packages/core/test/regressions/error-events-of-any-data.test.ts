import { describe, expect, it } from '@jest/globals'
import { chunk, DONE, play } from '../play.ts'

// Only an error event whose data was a JSON object counted as one.
describe('an `event: error` is an error of the server, whatever its data', () => {
  it.each([
    ['an object', 'data: {"message":"boom"}\n'],
    ['a string', 'data: "boom"\n'],
    ['null', 'data: null\n'],
    ['text', 'data: upstream failed\n'],
    ['cut JSON', 'data: {"mess\n'],
    ['nothing', 'data:\n'],
    ['no data line', ''],
  ])('%s', (_, data) => {
    const body = `${chunk({ content: 'Hello' })}event: error\n${data}\n${DONE}`
    const report = play(body)
    expect(report).toMatchObject({ outcome: 'broken', end: 'upstream_error', fault: { code: 'upstream_error' } })
    expect(report.chunks.error).toBe(1)
    expect(new TextDecoder().decode(report.fault?.chunk?.bytes)).toBe(`event: error\n${data}\n`)
  })

  it('but an error event after one that could not be read is never come to', () => {
    expect(play('data: {"cut\n\nevent: error\ndata: x\n\n').fault?.code).toBe('malformed_event')
  })
})
