import type { MalformedDetail } from '../faults/codes.ts'
import { JsonScanner, type JsonScan } from './json-scanner.ts'
import { scanJson } from './scan-json.ts'

/** What is wrong with an event's data, and where. */
export interface Malformed {
  readonly detail: MalformedDetail
  /**
   * Where it broke: a UTF-16 index into the data. Where something foreign begins inside (`second_event_inside`, `joined`)
   * it is the beginning of that; where the data ends early it is the data's length.
   */
  readonly index: number
}

/**
 * Says in what way the data of a whole event fails to be JSON. First match wins, from the most telling to the least:
 * `html`, `joined`, `second_event_inside`, `raw_newline`, `cut_json`, `not_json`.
 *
 * @param data - The event's data, its lines joined with a line feed.
 * @param dataLines - The values of its `data` lines, one by one.
 * @param trailingLines - The lines of the same frame that are no field at all: what a raw line break inside a JSON string
 *   leaves behind.
 */
export function describeMalformed(
  data: string,
  dataLines: readonly string[],
  trailingLines: readonly string[],
): Malformed {
  const html = htmlStart(data)
  if (html >= 0) return { detail: 'html', index: html }
  const scanner = new JsonScanner()
  scanner.push(data, 0, data.length)
  const scan = scanner.end(data.length)
  const joined = joinedAt(dataLines)
  if (joined >= 0) return { detail: 'joined', index: joined }
  const second = secondEventAt(data, dataLines, scanner.tokenStart, scan)
  if (second >= 0) return { detail: 'second_event_inside', index: second }
  if (isRawNewline(data, trailingLines, scan)) return { detail: 'raw_newline', index: scan.index }
  if (scan.state === 'incomplete' && /^\s*[[{"]/.test(data)) return { detail: 'cut_json', index: scan.index }
  return { detail: 'not_json', index: scan.index }
}

/** Where the data's first tag is; -1 when it doesn't begin like HTML or XML. */
function htmlStart(data: string): number {
  const match = /^\s*(?=<[a-z!/?])/i.exec(data)
  return match === null ? -1 : match[0].length
}

/** Where the second of several whole values begins; -1 when the lines aren't values of their own. */
function joinedAt(dataLines: readonly string[]): number {
  const [first, second] = dataLines
  if (first === undefined || second === undefined || scanJson(first).state !== 'complete') return -1
  const startsValue = /^\s*[[{"]/.test(second) || scanJson(second).state === 'complete'
  return startsValue ? first.length + 1 : -1
}

/** Where a second event or value begins inside the first; -1 when none does. */
function secondEventAt(data: string, dataLines: readonly string[], tokenStart: number, scan: JsonScan): number {
  if (scan.state !== 'invalid') return -1
  const atLineStart = cutLineBefore(dataLines, scan)
  if (atLineStart >= 0) return atLineStart
  // The foreign text begins at the break, or inside the string whose end it tore: `"object":"chat.cdata: {"id":…`.
  const framed = Math.max(data.lastIndexOf('data:', scan.index), data.lastIndexOf('event:', scan.index))
  if (framed >= tokenStart && beginsEvent(data, framed)) return framed
  const brace = bracketAtBreak(data, scan)
  if (brace < 0) return -1
  return scan.afterValue || scanJson(data.slice(brace)).state !== 'invalid' ? brace : -1
}

/** Where the line begins that a whole event stands on, after a line that was cut inside a string; -1 when there is none. */
function cutLineBefore(dataLines: readonly string[], scan: JsonScan): number {
  if (!scan.inString) return -1
  let start = 0
  for (const [at, line] of dataLines.entries()) {
    if (start === scan.index + 1 && at > 0) return /^\s*\{/.test(line) && isValue(line) ? start : -1
    start += line.length + 1
  }
  return -1
}

function isValue(line: string): boolean {
  return scanJson(line).state === 'complete'
}

function beginsEvent(data: string, at: number): boolean {
  return data.startsWith('event:', at) || /^data:\s*(?:[[{<"]|$)/.test(data.slice(at, at + 16))
}

/** Where an object begins that has no place there: at the break (`}{`), or in the string torn by its quote (`"hel{"id"`). */
function bracketAtBreak(data: string, scan: JsonScan): number {
  if (scan.inString) return -1
  if (data[scan.index] === '{') return scan.index
  const before = /\{\s?"$/.exec(data.slice(Math.max(0, scan.index - 3), scan.index))
  return before === null ? -1 : scan.index - before[0].length
}

function isRawNewline(data: string, trailingLines: readonly string[], scan: JsonScan): boolean {
  if (!scan.inString) return false
  if (scan.state === 'invalid') return data.charCodeAt(scan.index) < 0x20
  return trailingLines.some((line) => line.trim() !== '')
}
