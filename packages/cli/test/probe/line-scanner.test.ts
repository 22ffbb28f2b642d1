import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LineScanner } from '../../src/probe/line-scanner.ts'

function scan(
  ...pieces: readonly (string | Uint8Array)[]
): Pick<LineScanner, 'comments' | 'dataLines' | 'sawDone' | 'sawEnd'> {
  const scanner = new LineScanner()
  for (const piece of pieces) scanner.push(Buffer.from(piece))
  const { comments, dataLines, sawDone, sawEnd } = scanner
  return { comments, dataLines, sawDone, sawEnd }
}

describe('LineScanner', () => {
  it.each<readonly [string, string, ReturnType<typeof scan>]>([
    ['comments', ': ping\n\n:\r\n\r\ndata: {}\n\n', { comments: 2, dataLines: 1, sawDone: false, sawEnd: false }],
    ['the end of chat', 'data: {}\n\ndata: [DONE]\n', { comments: 0, dataLines: 2, sawDone: true, sawEnd: true }],
    ['the end of chat without a blank', 'data:[DONE]\r', { comments: 0, dataLines: 1, sawDone: true, sawEnd: true }],
    [
      'the end of a response',
      'event: response.completed\n',
      { comments: 0, dataLines: 0, sawDone: false, sawEnd: true },
    ],
    [
      'a text that speaks of the end',
      'data: "[DONE]"\ndata: [DONE] not\n',
      { comments: 0, dataLines: 2, sawDone: false, sawEnd: false },
    ],
    ['a line that has not ended', 'data: [DONE]', { comments: 0, dataLines: 0, sawDone: false, sawEnd: false }],
  ])('sees %s', (_, text, expected) => {
    expect(scan(text)).toEqual(expected)
  })

  it('sees the same however the bytes come', () => {
    const line = fc.constantFrom(
      ': ping',
      'data: {"a":1}',
      'data: [DONE]',
      'event: response.failed',
      'x'.repeat(500),
      '',
    )
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n'))).map((lines) => lines.flat().join(''))
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (whole, sizes) => {
        const bytes = Buffer.from(whole)
        const pieces: Uint8Array[] = []
        let at = 0
        for (const size of [...sizes, bytes.length]) {
          pieces.push(bytes.subarray(at, at + size))
          at += size
        }
        expect(scan(...pieces)).toEqual(scan(bytes))
      }),
    )
  })
})
