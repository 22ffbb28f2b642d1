import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FrameReader } from '../src/sse/frame-reader.ts'
import { pieces } from './play.ts'

/** The events of a whole text by the rules of the standard, written with none of the reader's means. */
function oracle(text: string): { events: number; doneAt: number; errorAt: number } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  lines.pop()
  const found = { events: 0, doneAt: -1, errorAt: -1 }
  let data: string[] = []
  let event = ''
  for (const line of lines) {
    if (line === '') {
      if (data[0]?.startsWith('[DONE]') === true) found.doneAt = found.doneAt === -1 ? found.events : found.doneAt
      else if (data.length > 0 || event !== '') {
        if (event === 'error' && found.errorAt === -1) found.errorAt = found.events
        found.events++
      }
      data = []
      event = ''
    } else if (!line.startsWith(':')) {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
      if (name === 'data') data.push(value)
      if (name === 'event') event = value
    }
  }
  return found
}

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'data: {"a":1}',
        'data:[DONE]',
        'data: [DONE]',
        'data: [DONE]      x',
        'data',
        'data:',
        'event: error',
        'event:',
        'event: ping',
        'id: 1',
        ': c',
        'database: x',
        'events: y',
        '\u4e16界',
        '',
      ),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 30 },
  )
  .chain((lines) =>
    fc
      .array(fc.constantFrom('\n', '\r', '\r\n'), { minLength: lines.length, maxLength: lines.length })
      .map((ends) => lines.map((line, i) => line.replace(/[\r\n]/g, '') + ends[i]).join('')),
  )

describe('FrameReader', () => {
  it('finds the events that the standard finds, for any text in any fragmentation', () => {
    fc.assert(
      fc.property(fc.boolean(), text, fc.array(fc.nat(400)), (mark, body, cuts) => {
        const bytes = new TextEncoder().encode((mark ? '\uFEFF' : '') + body)
        const reader = new FrameReader()
        for (const piece of pieces(bytes, cuts)) reader.push(piece)
        const found = {
          events: reader.events,
          doneAt: reader.doneAtEvent,
          errorAt: reader.errorEventIndex,
        }
        expect(found).toEqual(oracle((mark ? '\uFEFF' : '') + body))
        expect(reader.bytes).toBe(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('tells each event its own bytes, in order and without a gap', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(400)), (body, cuts) => {
        const bytes = new TextEncoder().encode(body)
        let last = 0
        const reader = new FrameReader((_, start, end) => {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          last = end
        })
        for (const piece of pieces(bytes, cuts)) reader.push(piece)
        expect(last).toBeLessThanOrEqual(reader.frameStart)
      }),
    )
  })

  it.each([
    ['a CRLF split across two reads ends one line, not two', ['data: x\r', '\n\r', '\ndata: y\r\n\r\n'], 2],
    ['a byte order mark split across three reads is skipped', ['\u00ef', '\u00bb', '\u00bfdata: x\n\n'], 1],
    ['a field name split across reads is one field', ['da', 'ta', ': x\n', '\n'], 1],
  ])('%s', (_, reads, events) => {
    const reader = new FrameReader()
    for (const read of reads) reader.push(Uint8Array.from(read, (character) => character.charCodeAt(0)))
    expect(reader.events).toBe(events)
  })
})
