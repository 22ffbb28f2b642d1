import type { ANOMALIES, FAULT_CODES } from '@streamgauge/core'

/** What comes over the wire, one after the other. */
export interface Piece {
  readonly kind: 'headers' | 'event' | 'half' | 'wait' | 'burst' | 'terminator' | 'page' | 'missing'
  /** What stands in it. */
  readonly text?: string
  /** Whether this is what was wrong. */
  readonly isOdd?: boolean
  /** What to say below it. */
  readonly note?: string
  /** How to read it out, where that isn't what the kind is called. */
  readonly name?: string
}

/** How it ended. */
export interface PictureEnd {
  readonly kind: 'eof' | 'break' | 'timer'
  readonly text: string
}

/** What a code looks like on the wire. */
export interface WirePicture {
  readonly pieces: readonly Piece[]
  readonly end: PictureEnd
}

const HEADERS: Piece = { kind: 'headers', text: '200' }
const EVENT: Piece = { kind: 'event' }
const WAIT: Piece = { kind: 'wait' }
const BURST: Piece = { kind: 'burst' }
const DONE: Piece = { kind: 'terminator', text: '[DONE]' }
const HALF: Piece = { kind: 'half', isOdd: true, note: 'cut' }

const EOF: PictureEnd = { kind: 'eof', text: 'end' }
const RESET: PictureEnd = { kind: 'break', text: 'reset' }

const odd = (text: string, note: string, name?: string): Piece => ({
  kind: 'event',
  isOdd: true,
  text,
  note,
  ...(name === undefined ? {} : { name }),
})
const missing = (text: string): Piece => ({ kind: 'missing', isOdd: true, text, note: 'missing' })
const numbered = (text: string): Piece => ({ kind: 'event', text })
const silence = (note: string): Piece => ({ kind: 'wait', isOdd: true, note })

/** A picture for each code of the catalogue, drawn by `WirePicture`. */
export const WIRE_PICTURES: Readonly<
  Record<(typeof FAULT_CODES)[number] | (typeof ANOMALIES)[number] | 'http_status', WirePicture>
> = {
  upstream_error: {
    pieces: [HEADERS, EVENT, EVENT, odd('error', 'after the 200', 'an event that says error')],
    end: EOF,
  },
  client_timeout: {
    pieces: [HEADERS, EVENT, EVENT, silence('still waiting')],
    end: { kind: 'timer', text: 'your deadline' },
  },
  headers_timeout: {
    pieces: [silence('no headers')],
    end: { kind: 'timer', text: "client's timer" },
  },
  body_timeout: {
    pieces: [HEADERS, EVENT, EVENT, silence('no bytes')],
    end: { kind: 'timer', text: "client's timer" },
  },
  not_event_stream: {
    pieces: [HEADERS, { kind: 'page', text: '<html>…', isOdd: true, note: 'no event in it', name: 'an HTML page' }],
    end: EOF,
  },
  empty_stream: { pieces: [HEADERS, missing('events')], end: EOF },
  malformed_event: {
    pieces: [HEADERS, EVENT, odd('{"a":{', 'no JSON', 'an event whose data is no JSON'), EVENT, DONE],
    end: EOF,
  },
  empty_event: {
    pieces: [HEADERS, EVENT, odd('data:', 'no data', 'an event without data'), EVENT, DONE],
    end: EOF,
  },
  late_transport_error: { pieces: [HEADERS, EVENT, EVENT, DONE], end: RESET },
  connection_reset: { pieces: [HEADERS, EVENT, EVENT, HALF], end: RESET },
  premature_close: { pieces: [HEADERS, EVENT, EVENT, HALF], end: { kind: 'break', text: 'closed early' } },
  protocol_error: {
    pieces: [HEADERS, EVENT, EVENT, odd('1f 8b 00', 'no HTTP', 'bytes that break the rules of HTTP')],
    end: { kind: 'break', text: 'unreadable' },
  },
  truncated_event: { pieces: [HEADERS, EVENT, EVENT, HALF], end: EOF },
  unterminated_event: {
    pieces: [HEADERS, EVENT, EVENT, odd('{…}', 'no blank line', 'an event without its blank line')],
    end: EOF,
  },
  missing_terminator: { pieces: [HEADERS, EVENT, EVENT, EVENT, missing('[DONE]')], end: EOF },
  connection_failed: { pieces: [missing('response')], end: { kind: 'break', text: 'refused' } },
  http_status: {
    pieces: [{ kind: 'headers', text: '503', isOdd: true, note: 'no stream', name: 'an error status' }],
    end: EOF,
  },

  stalled: { pieces: [HEADERS, EVENT, EVENT, silence('too long'), EVENT, DONE], end: EOF },
  buffered: { pieces: [HEADERS, silence('held back'), BURST, BURST, DONE], end: EOF },
  coalesced: {
    pieces: [
      HEADERS,
      WAIT,
      { ...BURST, isOdd: true, note: 'glued' },
      WAIT,
      { ...BURST, isOdd: true, note: 'glued' },
      DONE,
    ],
    end: EOF,
  },
  invalid_utf8: {
    pieces: [HEADERS, EVENT, odd('e2 82 ?', 'no UTF-8', 'an event whose bytes are no UTF-8'), EVENT, DONE],
    end: EOF,
  },
  sequence_gap: { pieces: [HEADERS, numbered('1'), numbered('2'), missing('3'), numbered('4')], end: EOF },
  sequence_repeat: {
    pieces: [HEADERS, numbered('1'), numbered('2'), odd('2', 'again', 'event 2 again'), numbered('3')],
    end: EOF,
  },
  done_missing: {
    pieces: [
      HEADERS,
      EVENT,
      { kind: 'event', text: 'stop', name: 'an event with the finish reason' },
      missing('[DONE]'),
    ],
    end: EOF,
  },
  late_data: { pieces: [HEADERS, EVENT, EVENT, DONE, odd('{…}', 'after the end', 'an event after the end')], end: EOF },
  bom: {
    pieces: [HEADERS, odd('ef bb bf', 'byte order mark', 'a byte order mark'), EVENT, EVENT, DONE],
    end: EOF,
  },
  incomplete_tool_arguments: {
    pieces: [
      HEADERS,
      EVENT,
      odd('{"city":"', 'still open', 'an event that leaves the arguments of a tool call open'),
      DONE,
    ],
    end: EOF,
  },
  usage_missing: { pieces: [HEADERS, EVENT, EVENT, missing('usage'), DONE], end: EOF },
}

const NAMES: Readonly<Record<Piece['kind'], string>> = {
  headers: 'the headers',
  event: 'an event',
  half: 'half an event',
  wait: 'a wait',
  burst: 'many events at once',
  terminator: 'the terminator',
  page: 'a page',
  missing: 'nothing',
}

const ENDS: Readonly<Record<PictureEnd['kind'], string>> = {
  eof: 'the body ends in order',
  break: 'the connection breaks',
  timer: 'a timer runs out',
}

/** The same in words, for whoever does not see it. */
export function describePicture({ pieces, end }: WirePicture): string {
  const told = pieces.map(({ kind, name, text, note }) => {
    if (kind === 'missing') return `${text ?? 'something'} missing`
    const shown = name ?? (kind === 'event' && text !== undefined ? `event ${text}` : NAMES[kind])
    return kind === 'wait' && note !== undefined ? `a wait, ${note}` : shown
  })
  return `On the wire: ${told.join('; ')}; ${ENDS[end.kind]} (${end.text}).`
}

/** A piece and where it stands, in units of the drawing. */
export interface PlacedPiece extends Piece {
  readonly x: number
  readonly width: number
}

const WIDTHS: Readonly<Record<Piece['kind'], number>> = {
  headers: 32,
  event: 26,
  half: 18,
  wait: 34,
  burst: 36,
  terminator: 46,
  page: 64,
  missing: 46,
}

const LONG_WAIT = 74
const SPACE = 5

/** Width of a letter, and what stands beside the text. */
const LETTER = 6.1
const PADDING = 10

/** Puts pieces beside each other, as wide as what stands in them needs. */
export function placePieces(pieces: readonly Piece[]): {
  readonly placed: readonly PlacedPiece[]
  readonly endX: number
} {
  let x = 12
  const placed = pieces.map((piece) => {
    const { kind, text = '', isOdd = false } = piece
    const own = kind === 'wait' && isOdd ? LONG_WAIT : WIDTHS[kind]
    const width = Math.max(kind === 'half' ? own : text.length * LETTER + PADDING, own)
    const place = { ...piece, x, width }
    x += width + SPACE
    return place
  })
  return { placed, endX: x }
}
