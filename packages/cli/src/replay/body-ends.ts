import type { ErrorFacts } from '@streamgauge/core'

/** What `--end` takes. */
export type BodyEndName = 'eof' | 'reset' | 'close' | 'timeout'

/** Ends of a body that a capture does not have in it, as undici tells them to an application; `eof` is the orderly one. */
export const BODY_ENDS: Readonly<Record<BodyEndName, ErrorFacts | undefined>> = {
  eof: undefined,
  reset: facts('Error', 'ECONNRESET'),
  close: facts('SocketError', 'UND_ERR_SOCKET'),
  // Whose timer it was is not known.
  timeout: facts('TimeoutError'),
}

/** The bytes break the rules of HTTP. */
export const BAD_FRAMING: ErrorFacts = facts('HTTPParserError', 'HPE_INVALID_CHUNK_SIZE')
/** The HTTP/2 stream was reset. */
export const STREAM_RESET: ErrorFacts = facts('Error', 'ERR_HTTP2_STREAM_ERROR')

function facts(name: string, ...codes: readonly string[]): ErrorFacts {
  return { names: ['TypeError', name], codes }
}
