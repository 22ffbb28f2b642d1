import { describeFault, FAULT_CODES, type FaultCode } from '@streamgauge/core'

const ofClass = (wanted: string): readonly FaultCode[] =>
  FAULT_CODES.filter((code) => describeFault(code)?.class === wanted)

/** An answer that stopped before its end, whoever stopped it: neither an error that was told, nor one of this side's timers. */
export const CUT: readonly FaultCode[] = [
  'truncated_event',
  'unterminated_event',
  'empty_stream',
  ...ofClass('truncation'),
  ...ofClass('transport').filter((code) => code !== 'connection_failed' && code !== 'late_transport_error'),
]

/** What a chunk that could not be parsed is counted as: malformed ones, and those that were cut by whatever ended the stream. */
export const UNPARSED: readonly FaultCode[] = [
  ...ofClass('parse').filter((code) => code !== 'empty_stream'),
  'connection_reset',
  'premature_close',
  'protocol_error',
]

/** No answer began: an HTTP status, or nothing at all. The former as a regular expression. */
export const UNANSWERED: readonly string[] = ['[0-9]{3}', 'connection_failed', 'headers_timeout']

/** HTTP statuses of which the runbook says something. */
export const STATUSES: readonly FaultCode[] = ['401', '404', '429', '500', '502']
