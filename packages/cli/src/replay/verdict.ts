import {
  describeAnomaly,
  describeFault,
  renderRawChunk,
  type Anomaly,
  type ChunkRecord,
  type ResponseFacts,
  type StreamReport,
} from '@streamgauge/core'
import type { BodyLine, ContextWindow } from './context-window.ts'
import type { Replayed } from './replay-capture.ts'

/** What may show of a body: nothing that the model said, or all but secrets. */
export type ShowMode = 'masked' | 'full'

/** A line beside the chunk. */
export interface ContextLine {
  readonly line: number
  readonly text: string
}

/** The chunk that a verdict is about, and its place. */
export interface Place {
  /** Its text; bytes in base64 where they aren't UTF-8. */
  readonly raw: string
  readonly encoding: 'utf-8' | 'base64'
  /** Index among the stream's events. */
  readonly index: number | null
  /** Line of the body at which it begins, from 1. */
  readonly line: number | null
  /** Byte offset in the body, decompressed and without chunk framing. */
  readonly offset: number | null
  /** Bytes of the whole chunk. */
  readonly size: number | null
  /** Where it broke: an index into `raw` in UTF-16 units; for base64, a byte offset into what it decodes to. */
  readonly break: number | null
  /** Something was cut out of `raw`. */
  readonly truncated: boolean
  readonly before: readonly ContextLine[]
  readonly after: readonly ContextLine[]
}

/** What is said of one stream; also what `--json` prints of it. */
export interface Verdict {
  readonly title: string
  /** Whether the bytes were judged, or the span that they were recorded with is quoted. */
  readonly judgedFrom: 'body' | 'span'
  readonly response: ResponseFacts | null
  readonly outcome: string
  readonly end: string | null
  readonly errorType: string | null
  readonly detail: string | null
  readonly meaning: string | null
  readonly cause: string | null
  readonly causeConfidence: string | null
  readonly causeEvidence: string | null
  readonly remedy: string | null
  readonly anomalies: readonly (Pick<Anomaly, 'type' | 'attributes' | 'remedy'> & { readonly meaning: string })[]
  readonly masked: boolean
  readonly place: Place | null
  /** By what the end of the body is told. */
  readonly endEvidence: string | null
  readonly events: number | null
  readonly bytes: number | null
  readonly finishReasons: readonly string[]
  readonly model: string | null
  readonly responseId: string | null
  readonly lastSequenceNumber: number | null
}

/** Most bytes of a chunk, and of a line beside it, that are shown. */
const MAX_CHUNK_BYTES = 4096
const MAX_LINE_BYTES = 512
/** Lines beside the chunk. */
const LINES_BEFORE = 4
const LINES_AFTER = 2

/** Puts into a verdict what the monitor reported. */
export function toVerdict({ capture, report, end, window, errorBody }: Replayed, mode: ShowMode): Verdict {
  const { fault } = report
  const errorChunk = errorBody.length === 0 ? undefined : chunkOfPage(errorBody)
  const chunk = fault?.chunk ?? errorChunk
  return {
    title: capture.title,
    judgedFrom: 'body',
    response: capture.response ?? null,
    outcome: report.outcome,
    end: report.end,
    errorType: fault?.code ?? null,
    detail: fault?.detail ?? null,
    meaning: fault === undefined ? null : (describeFault(fault.code)?.meaning ?? null),
    cause: fault?.cause ?? null,
    causeConfidence: fault?.confidence ?? null,
    causeEvidence: fault?.evidence ?? null,
    remedy: fault?.remedy ?? null,
    anomalies: report.anomalies.map(({ type, attributes, remedy }) => ({
      type,
      attributes,
      remedy,
      meaning: describeAnomaly(type)?.meaning ?? '',
    })),
    masked: mode === 'masked',
    place: chunk === undefined ? null : placeOf(chunk, window, mode),
    endEvidence: end.evidence,
    ...answerOf(report),
  }
}

function answerOf(
  report: StreamReport,
): Pick<Verdict, 'events' | 'bytes' | 'finishReasons' | 'model' | 'responseId' | 'lastSequenceNumber'> {
  return {
    events: report.events,
    bytes: report.bytes,
    finishReasons: report.finishReasons,
    model: report.responseModel ?? null,
    responseId: report.responseId ?? null,
    lastSequenceNumber: report.lastSequenceNumber ?? null,
  }
}

/** The page of an error status, of which the monitor sees nothing. */
function chunkOfPage(bytes: Uint8Array): ChunkRecord {
  return { bytes, index: 0, offset: 0, size: bytes.length, start: 'body' }
}

function placeOf(chunk: ChunkRecord, window: ContextWindow, mode: ShowMode): Place {
  const { bytes, index, offset, size, breakAt, start } = chunk
  const raw = renderRawChunk(bytes, { mode, maxBytes: MAX_CHUNK_BYTES, breakAt, start })
  const show = ({ number, bytes: line }: BodyLine): ContextLine => ({
    line: number,
    text: renderRawChunk(line, { mode, maxBytes: MAX_LINE_BYTES, start: 'line' }).text,
  })
  return {
    raw: raw.text,
    encoding: raw.encoding,
    index,
    line: window.lineAt(offset),
    offset,
    size,
    break: raw.breakAt ?? null,
    truncated: raw.truncated || bytes.length < size,
    before: window.linesBefore(offset, LINES_BEFORE).map(show),
    after: window.linesFrom(offset + bytes.length, LINES_AFTER).map(show),
  }
}
