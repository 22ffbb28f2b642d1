import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import type { MonitorOptions } from '../src/monitor/options.ts'
import type { StreamReport } from '../src/monitor/report.ts'
import { readErrorFacts } from '../src/faults/error-facts.ts'
import type { Ending, ResponseFacts } from '../src/faults/evidence.ts'

/** How a body is played to a monitor. */
export interface Play extends MonitorOptions {
  /** Byte offsets at which it is cut into reads. */
  readonly cuts?: readonly number[]
  readonly response?: Partial<ResponseFacts>
  /** What the body ends with instead of an orderly end. */
  readonly bodyError?: unknown
  /** What ends the watching instead of the body's end: the rest of the body is given up. */
  readonly ending?: Ending
}

const RESPONSE: ResponseFacts = { status: 200, contentType: 'text/event-stream', framing: 'chunked' }

/** Plays a body to a monitor that decodes for itself; one millisecond passes between any two things that happen. */
export function play(body: string | Uint8Array, options: Play = {}): StreamReport {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  let nowMs = 0
  const tick = (): number => nowMs++
  const monitor = new StreamMonitor(options, tick())
  monitor.headers({ ...RESPONSE, ...options.response }, tick())
  for (const piece of pieces(bytes, options.cuts ?? [])) {
    monitor.pull(tick())
    monitor.read(piece, tick())
  }
  monitor.pull(tick())
  const { bodyError } = options
  if (bodyError !== undefined) monitor.fail(readErrorFacts(bodyError), tick())
  else if (options.ending === undefined) monitor.eof(tick())
  else monitor.cancel(tick())
  const ending: Ending =
    bodyError === undefined ? { kind: 'done' } : { kind: 'threw', error: readErrorFacts(bodyError) }
  return monitor.finish(options.ending ?? ending, tick())
}

/** The body in pieces; offsets outside it, repeated or in any order do no harm. */
export function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const borders = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length])]
  borders.sort((a, b) => a - b)
  return borders.slice(1).map((end, i) => bytes.slice(borders[i], end))
}

/** What must not depend on how a body was cut into reads: everything but reads and clocks. */
export function withoutReads(report: StreamReport): object {
  const { reads: _, recentReads: __, endedAtMs: ___, maxGapMs: ____, consumerIdleMs: _____, ...rest } = report
  const anomalies = rest.anomalies.map(({ type, attributes }) => ({ type, attributes }))
  return { ...rest, anomalies, timeToFirstChunkMs: rest.timeToFirstChunkMs !== undefined }
}

export const chunk = (delta: object, finishReason: string | null = null, index = 0): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices: [{ index, delta, finish_reason: finishReason }] })}\n\n`
export const DONE = 'data: [DONE]\n\n'
/** A healthy chat answer. */
export const HEALTHY: string =
  chunk({ role: 'assistant', content: '' }) +
  chunk({ content: 'Hello' }) +
  chunk({ content: ' 🌊 世界' }) +
  chunk({}, 'stop') +
  DONE
