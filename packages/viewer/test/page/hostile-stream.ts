import type { SpanRecord } from '../../src/index.ts'

import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'

import { hexId, span, streamSpan } from '../records.ts'

/** Sets `window.pwned` where any of it is taken for markup. */
const MARKUP = `<script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload="window.pwned=1">`

/** Turns the direction of a text, hides in it, clears a terminal. */
export const TRICKS = '\u202Egnp.exe\u200B\u001B[2J\u0000\uD800'

export const HOSTILE = `${TRICKS}${MARKUP}`

const TRACE_ID = hexId(0xbad, 32)

/** Where it is on the page. */
export const HOSTILE_PATH = `/streams/${TRACE_ID}/${hexId(0xbad, 16)}`

/** A stream of which everything that a server or an application names is an attack. */
export function hostileSpans(startMs: number): readonly SpanRecord[] {
  const startNanos = BigInt(startMs) * 1_000_000n
  const raw = `data: ${HOSTILE}\n\n`
  const attributes = {
    [ATTR.OUTCOME]: 'broken',
    [ATTR.END]: HOSTILE,
    [GEN_AI.REQUEST_MODEL]: HOSTILE,
    [GEN_AI.SERVER_ADDRESS]: HOSTILE,
    [GEN_AI.ERROR_TYPE]: HOSTILE,
    [GEN_AI.RESPONSE_FINISH_REASONS]: [HOSTILE],
    [ATTR.CAUSE]: HOSTILE,
    [ATTR.CAUSE_CONFIDENCE]: HOSTILE,
    [ATTR.CAUSE_EVIDENCE]: HOSTILE,
    [ATTR.REMEDY]: HOSTILE,
    [ATTR.ANOMALIES]: [HOSTILE],
    [ATTR.HTTP_CONTENT_TYPE]: HOSTILE,
    [ATTR.CHUNK_RAW]: raw,
    [ATTR.CHUNK_BREAK]: raw.length - 2,
    [HOSTILE]: HOSTILE.repeat(200),
  }
  const event = { name: EVENT.ANOMALY, timeNanos: String(startNanos), attributes: { [ATTR.ANOMALY_TYPE]: HOSTILE } }
  const times = { startNanos, endNanos: startNanos + 5_000_000n }
  const name = { traceId: TRACE_ID, name: HOSTILE, service: HOSTILE, statusCode: 'error' as const }
  return [
    streamSpan(0xbad, attributes, { ...times, ...name, parentSpanId: hexId(0xbae, 16), events: [event] }),
    // Each is the other's parent.
    span(0xbae, { ...times, ...name, parentSpanId: hexId(0xbad, 16) }),
  ]
}
