import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { MALFORMED_DETAILS, type MalformedDetail } from '../src/faults/codes.ts'
import { describeMalformed } from '../src/json/malformed-detail.ts'

const CHUNK =
  '{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":null}]}'
const cutAt = (mark: string): string => CHUNK.slice(0, CHUNK.indexOf(mark) + mark.length)

type Case = [name: string, dataLines: string[], detail: MalformedDetail, index: number, trailingLines?: string[]]

const cases: Case[] = [
  ['an HTML page', ['<!DOCTYPE html><html>'], 'html', 0],
  ['an HTML page after white space', ['  <html>'], 'html', 2],
  ['an XML error', ['<?xml version="1.0"?><Error/>'], 'html', 0],
  ['two events that lost the blank line between them', [CHUNK, CHUNK], 'joined', CHUNK.length + 1],
  ['an event joined with [DONE]', [CHUNK, '[DONE]'], 'joined', CHUNK.length + 1],
  ['an event joined with one that was cut', [CHUNK, cutAt('"hel')], 'joined', CHUNK.length + 1],
  ['two values in one data line', [CHUNK + CHUNK], 'second_event_inside', CHUNK.length],
  ['a second frame after the value', [`${CHUNK}data: ${CHUNK}`], 'second_event_inside', CHUNK.length],
  [
    'a second frame inside a string',
    [`${cutAt('"chat.c')}data: ${CHUNK}`],
    'second_event_inside',
    cutAt('"chat.c').length,
  ],
  ['a second frame between tokens', [`${cutAt('[')}data: ${CHUNK}`], 'second_event_inside', cutAt('[').length],
  ['a second frame inside a literal', [`${cutAt('nul')}data: ${CHUNK}`], 'second_event_inside', cutAt('nul').length],
  [
    'a second frame in a string that speaks of data',
    [`{"text":"a data: line, thendata: ${CHUNK}`],
    'second_event_inside',
    27,
  ],
  [
    'an error object written into an unfinished event',
    [`${cutAt('"hel')}{"error":{"message":"quota"}}`],
    'second_event_inside',
    cutAt('"hel').length,
  ],
  ['an object where a comma should be', ['{"a":{"b":1{"c":2}'], 'second_event_inside', 11],
  ['a cut event followed by a whole one in the same frame', ['{"a":"hel', CHUNK], 'second_event_inside', 10],
  ['a line break inside a string, in a second data line', ['{"a":"hello', 'world"}'], 'raw_newline', 11],
  ['a line break inside a string, in a line that is no field', ['{"a":"hello'], 'raw_newline', 11, ['world"}']],
  ['a tab inside a string', ['{"a":"hel\tlo"}'], 'raw_newline', 9],
  ['JSON cut inside a string', [cutAt('"hel')], 'cut_json', cutAt('"hel').length],
  ['JSON cut between tokens', [cutAt('"delta":')], 'cut_json', cutAt('"delta":').length],
  ['JSON cut over two lines', ['{"a":', '[1,'], 'cut_json', 9],
  ['JSON cut inside a string, before a blank line', ['{"a":"hel'], 'cut_json', 9, ['']],
  ['plain text', ['upstream failed'], 'not_json', 0],
  ['Python', ["{'a': None}"], 'not_json', 1],
  ['NaN', ['{"logprob":NaN}'], 'not_json', 11],
  ['quotes that were not escaped', ['{"a":"say {"b":1} twice"}'], 'not_json', 12],
  ['the beginning of a word', ['nul'], 'not_json', 3],
]

describe('describeMalformed', () => {
  it.each(cases)('%s', (_name, dataLines, detail, index, trailingLines = []) => {
    expect(describeMalformed(dataLines.join('\n'), dataLines, trailingLines)).toEqual({ detail, index })
  })

  it('text that mentions data: inside a whole string is no second event', () => {
    const data = '{"a":"the line data: {} begins","b":oops}'
    expect(describeMalformed(data, [data], []).detail).toBe('not_json')
  })

  it('every proper beginning of an object is cut JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value)
        const data = text.slice(0, 1 + (at % (text.length - 1)))
        expect(describeMalformed(data, [data], [])).toEqual({ detail: 'cut_json', index: data.length })
      }),
    )
  })

  it('any text gets a detail of the catalogue and a place inside the data', () => {
    const line = fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,\\ da t:<>nul1\r')) })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(line), (dataLines, trailingLines) => {
        const data = dataLines.join('\n')
        const { detail, index } = describeMalformed(data, dataLines, trailingLines)
        expect(MALFORMED_DETAILS).toContain(detail)
        expect(index).toBeGreaterThanOrEqual(0)
        expect(index).toBeLessThanOrEqual(data.length)
      }),
    )
  })
})
