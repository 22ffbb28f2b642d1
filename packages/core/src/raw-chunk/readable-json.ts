import type { JsonVisitor } from '../json/json-scanner.ts'
import {
  ERROR_BEARERS,
  ERROR_BODY_NAMES,
  ERROR_MARKS,
  ERROR_NAMES,
  ERROR_STRUCTURE,
  ERROR_TEXTS,
  HARMLESS_NUMBER_ENDINGS,
  HARMLESS_NUMBERS,
  HARMLESS_STRINGS,
  KNOWN_NAMES,
  ROOT_ERROR_TEXTS,
  STRUCTURE,
} from './wire-vocabulary.ts'

/** Nesting beyond this many brackets is masked without exception: no API nests its own structure so deep. */
const MAX_READABLE_DEPTH = 32

/**
 * What may show inside a bracket. `bearer`: the API's structure, where an `error` is the API's own. `structure`: names,
 * and values under harmless names. `error`: an error object, with its texts. `opaque`: nothing.
 */
type Zone = 'bearer' | 'structure' | 'error' | 'opaque'

interface Level {
  readonly zone: Zone
  /** The name that an array's elements stand under; undefined in an object, where each value has its own. */
  readonly elementName: string | undefined
}

/** A part of a text: from the first index to before the second. */
export type TextRange = readonly [start: number, end: number]

/** Where the JSON stands, which decides what in it may show. */
export type JsonPlace = 'data' | 'error_event' | 'body'

const IDENTIFIER = /^[\w.:/-]{0,128}$/
const PLAUSIBLE_NAME = /^[A-Za-z_$][\w$.-]{0,63}$/
const NO_NAME = ''

/**
 * Finds what may be read in one JSON value of a masked chunk, also in a broken one: names, harmless values and errors.
 * Whatever it doesn't reveal is masked.
 *
 * A root object is an error itself if its `type` or `object` is `error`, if it came in an `error` event, or if it is a
 * whole body with none but an error's names. The first and the last are known only later; so long its texts wait.
 */
export class ReadableJson implements JsonVisitor {
  readonly #text: string
  readonly #place: JsonPlace
  readonly #levels: Level[] = []
  readonly #ranges: TextRange[] = []
  readonly #rootTexts: { readonly name: string; readonly range: TextRange }[] = []
  #depth = 0
  #name = NO_NAME
  #callsItselfError = false
  #hasOnlyErrorNames = true
  #hasErrorMark = false
  #hasName = false

  constructor(text: string, place: JsonPlace) {
    this.#text = text
    this.#place = place
  }

  /** True when the JSON has a name: the proof that it is no piece of a string, in which no quote stands unescaped. */
  get hasName(): boolean {
    return this.#hasName
  }

  /** What may be read, in no order. `isWhole`: the JSON ended as JSON does. */
  ranges(isWhole: boolean): readonly TextRange[] {
    const isErrorBody = this.#place === 'body' && isWhole && this.#hasOnlyErrorNames && this.#hasErrorMark
    const isError = this.#callsItselfError || isErrorBody
    const isErrorEvent = this.#place === 'error_event'
    const shown = this.#rootTexts.filter(({ name }) => isError || (isErrorEvent && ROOT_ERROR_TEXTS.has(name)))
    return [...this.#ranges, ...shown.map(({ range }) => range)]
  }

  open(_index: number, bracket: '{' | '['): void {
    this.#depth++
    if (this.#depth > MAX_READABLE_DEPTH) return
    const parent = this.#levels.at(-1)
    const name = parent?.elementName ?? this.#name
    const zone = parent === undefined ? 'bearer' : zoneInside(parent, name)
    this.#levels.push({ zone, elementName: bracket === '[' ? name : undefined })
    this.#name = NO_NAME
  }

  close(): void {
    if (this.#depth <= MAX_READABLE_DEPTH) this.#levels.pop()
    this.#depth--
    this.#name = NO_NAME
  }

  key(start: number, end: number): void {
    const name = this.#text.slice(start + 1, end - 1)
    this.#hasName = true
    const isPlausible = PLAUSIBLE_NAME.test(name)
    this.#name = isPlausible ? name : NO_NAME
    if (isPlausible && this.#zone !== 'opaque') this.#reveal(start, end)
    if (this.#depth > 1) return
    this.#hasOnlyErrorNames &&= isErrorName(name)
    this.#hasErrorMark ||= ERROR_MARKS.has(name)
  }

  cutKey(start: number, end: number): void {
    if (this.#zone === 'opaque') return
    const name = this.#text.slice(start + 1, end).replace(/"$/, '')
    if (name !== '' && KNOWN_NAMES.some((known) => known.startsWith(name))) this.#reveal(start, end)
  }

  string(start: number, end: number, closed: boolean): void {
    const value = this.#text.slice(start + 1, closed ? end - 1 : end)
    const name = this.#valueName
    const zone = this.#zone
    const isRoot = this.#depth === 1 && this.#levels[0]?.elementName === undefined
    if (isRoot && value === 'error' && (name === 'type' || name === 'object')) this.#callsItselfError = true
    const isErrorText = zone === 'error' ? ERROR_TEXTS.has(name) : zone === 'bearer' && ERROR_NAMES.has(name)
    const isHarmless = zone !== 'opaque' && HARMLESS_STRINGS.has(name) && IDENTIFIER.test(value)
    if (isErrorText || isHarmless) this.#reveal(start, end)
    else if (isRoot && ERROR_TEXTS.has(name)) this.#rootTexts.push({ name, range: [start, end] })
  }

  scalar(start: number, end: number, kind: 'number' | 'literal'): void {
    if (kind === 'literal' || this.#isHarmlessNumber()) {
      this.#reveal(start, end)
      return
    }
    // The `e` of a number spells nothing and keeps its shape: 1.5e-7 shows as 0.0e-0.
    const exponent = this.#text.slice(start, end).search(/e/i)
    if (exponent >= 0) this.#reveal(start + exponent, start + exponent + 1)
  }

  get #zone(): Zone {
    return this.#depth > MAX_READABLE_DEPTH ? 'opaque' : (this.#levels.at(-1)?.zone ?? 'opaque')
  }

  get #valueName(): string {
    return this.#levels.at(-1)?.elementName ?? this.#name
  }

  #isHarmlessNumber(): boolean {
    const zone = this.#zone
    if (zone === 'error') return true
    const name = this.#valueName
    return zone !== 'opaque' && (HARMLESS_NUMBERS.has(name) || HARMLESS_NUMBER_ENDINGS.test(name))
  }

  #reveal(start: number, end: number): void {
    this.#ranges.push([start, end])
  }
}

function zoneInside(parent: Level, name: string): Zone {
  if (parent.elementName !== undefined && parent.zone !== 'error') return parent.zone
  switch (parent.zone) {
    case 'opaque':
      return 'opaque'
    case 'error':
      return parent.elementName !== undefined || ERROR_STRUCTURE.has(name) ? 'error' : 'opaque'
    case 'bearer':
      if (ERROR_NAMES.has(name)) return 'error'
      if (ERROR_BEARERS.has(name)) return 'bearer'
      return STRUCTURE.has(name) ? 'structure' : 'opaque'
    case 'structure':
      return STRUCTURE.has(name) ? 'structure' : 'opaque'
    default:
      return parent.zone satisfies never
  }
}

function isErrorName(name: string): boolean {
  return ERROR_TEXTS.has(name) || ERROR_NAMES.has(name) || ERROR_BODY_NAMES.has(name)
}
