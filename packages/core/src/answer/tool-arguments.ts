/**
 * How far the arguments of one tool call have come as JSON: three numbers, whatever their length.
 *
 * It does not validate. It only tells arguments that stopped inside a string, an object or an array from whole ones.
 */
export interface ToolArguments {
  depth: number
  inString: boolean
  escaped: boolean
  started: boolean
}

/** Tool calls told apart in one stream; further ones are not watched. */
export const MAX_TOOL_CALLS = 64

/** Takes the next piece of one call's arguments. What is not a string (an object, `null`) is whole by itself. */
export function takeArguments(calls: Map<string, ToolArguments>, key: string, piece: unknown): void {
  if (typeof piece !== 'string' || piece === '') return
  let call = calls.get(key)
  if (call === undefined) {
    if (calls.size >= MAX_TOOL_CALLS) return
    call = { depth: 0, inString: false, escaped: false, started: false }
    calls.set(key, call)
  }
  call.started = true
  for (let i = 0; i < piece.length; i++) step(call, piece.charCodeAt(i))
}

/** Number of calls that stopped before their JSON closed. */
export function openToolCalls(calls: ReadonlyMap<string, ToolArguments>): number {
  let open = 0
  for (const call of calls.values()) if (call.started && (call.depth > 0 || call.inString)) open++
  return open
}

function step(call: ToolArguments, character: number): void {
  if (call.inString) {
    if (call.escaped) call.escaped = false
    else if (character === BACKSLASH) call.escaped = true
    else if (character === QUOTE) call.inString = false
    return
  }
  if (character === QUOTE) call.inString = true
  else if (character === OPEN_BRACE || character === OPEN_BRACKET) call.depth++
  else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) call.depth--
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
