import { isUtf8 } from 'node:buffer'
import {
  findTerminatorRule,
  StreamMonitor,
  type Ending,
  type ErrorFacts,
  type ResponseFacts,
  type StreamReport,
} from '@streamgauge/core'
import type { BodyEnd, Capture, RequestFacts } from './capture.ts'
import { ContextWindow } from './context-window.ts'
import { objectOf, parseJson, textOf } from '../json-fields.ts'

/** A capture that was played to the end. */
export interface Replayed {
  readonly capture: Capture
  readonly report: StreamReport
  readonly end: BodyEnd
  readonly window: ContextWindow
  /** The first bytes of the body of an error status. */
  readonly errorBody: Uint8Array
}

/** Bytes that are shown to the monitor at once. */
const SLICE_BYTES = 16_384

/** Bytes behind the place where a stream broke that are kept to be shown. */
const BYTES_AFTER = 4096

/** Bytes of an error page that are kept. */
const ERROR_BODY_BYTES = 65_536

const NO_BYTES = new Uint8Array(0)

// A capture has no times: whatever was waited for is not told.
const NOW = 0

/** A body alone says nothing of its head; there was a stream, or somebody took it for one. */
const UNKNOWN_RESPONSE: ResponseFacts = { status: 200, framing: 'unknown' }

/** Decides who ends the body, where that is said: `undefined` leaves it to the capture. */
export interface ReplayOptions extends RequestFacts {
  readonly end?: { readonly error: ErrorFacts | undefined } | undefined
}

/** Plays a capture to the monitor that also watches live streams, and asks it for its verdict. Memory stays bounded. */
export async function replayCapture(capture: Capture, options: ReplayOptions): Promise<Replayed> {
  const request = { ...capture.request, ...dropUndefined(options) }
  const monitor = makeMonitor(request)
  const window = new ContextWindow()
  if (capture.failure !== undefined) {
    const report = monitor.finish({ kind: 'request_failed', error: capture.failure }, NOW)
    return { capture, report, end: capture.end(), window, errorBody: NO_BYTES }
  }
  monitor.headers(capture.response ?? UNKNOWN_RESPONSE, NOW)
  const status = capture.response?.status ?? UNKNOWN_RESPONSE.status
  if (status >= 400) return replayErrorStatus(capture, monitor, window, status)
  for await (const piece of capture.body) {
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      const slice = piece.subarray(at, at + SLICE_BYTES)
      monitor.pull(NOW)
      monitor.read(slice, NOW)
      window.push(slice)
      if (monitor.badEvent !== undefined || monitor.errorEvent !== undefined) window.keep(BYTES_AFTER)
    }
  }
  monitor.pull(NOW)
  const end = options.end === undefined ? capture.end() : { error: options.end.error, evidence: '--end says so' }
  const report = monitor.finish(endBody(monitor, end.error), NOW)
  return { capture, report, end, window, errorBody: NO_BYTES }
}

function makeMonitor({ host = '', model = '', api, choices, usageRequested }: RequestFacts): StreamMonitor {
  return new StreamMonitor(
    {
      api,
      choices,
      usageRequested,
      host,
      terminator: findTerminatorRule(host, model),
      native: { isUtf8, indexOf: (bytes, byte, from) => bytes.indexOf(byte, from) },
    },
    NOW,
  )
}

function endBody(monitor: StreamMonitor, error: ErrorFacts | undefined): Ending {
  if (error === undefined) {
    monitor.eof(NOW)
    return { kind: 'done' }
  }
  monitor.fail(error, NOW)
  return { kind: 'threw', error }
}

/** There is no stream: the SDK reads the error and throws it. */
async function replayErrorStatus(
  capture: Capture,
  monitor: StreamMonitor,
  window: ContextWindow,
  status: number,
): Promise<Replayed> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of capture.body) {
    if (bytes >= ERROR_BODY_BYTES) break
    pieces.push(piece)
    bytes += piece.length
  }
  const errorBody = Buffer.concat(pieces).subarray(0, ERROR_BODY_BYTES)
  const { error, code } = objectOf(parseJson(errorBody.toString('utf8')))
  const said = textOf(objectOf(error)['code']) ?? textOf(code)
  const facts: ErrorFacts = { names: ['APIError'], codes: said === undefined ? [] : [said], status }
  const report = monitor.finish({ kind: 'request_failed', error: facts }, NOW)
  return { capture, report, end: capture.end(), window, errorBody }
}

function dropUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value
}
