import { formatError } from '../../http/error-body.ts'
import { formatLines } from '../../answer/stream-event.ts'
import { badChunkFraming } from '../../faults/bad-chunk-framing.ts'
import { closeInsideEvent } from '../../faults/close-inside-event.ts'
import { cutBetweenEvents } from '../../faults/cut-between-events.ts'
import { cutInsideEvent } from '../../faults/cut-inside-event.ts'
import { hangAfterDone } from '../../faults/hang-after-done.ts'
import { htmlMidStream } from '../../faults/html-mid-stream.ts'
import { lateClose } from '../../faults/late-close.ts'
import { lateReset } from '../../faults/late-reset.ts'
import { noDone } from '../../faults/no-done.ts'
import { resetInsideEvent } from '../../faults/reset-inside-event.ts'
import { stallForever } from '../../faults/stall-forever.ts'
import { STALL_MS, stallThenClose } from '../../faults/stall-then-close.ts'
import { unterminatedEvent } from '../../faults/unterminated-event.ts'
import { upstreamError } from '../../faults/upstream-error.ts'
import { BAD_GATEWAY_PAGE } from '../../html.ts'
import type { Injector } from '../../injector.ts'
import { onOneLine, passRest, passUntilStrike, type DataEvent } from '../play.ts'
import type { ProxyExchange, ProxyFault } from '../proxy-fault.ts'

type End = (exchange: ProxyExchange, next: DataEvent) => Promise<void>

/** Passes some events on, and then ends the stream in some way; the upstream is left. */
const breakOff = (like: Injector, end: End): ProxyFault => ({
  ...like,
  asksUpstream: true,
  play: async (exchange) => end(exchange, await passUntilStrike(exchange)),
})

/** Passes the whole body on, and then ends it in some other way than HTTP wants. */
const breakAfterwards = (like: Injector, end: (exchange: ProxyExchange) => Promise<void>): ProxyFault => ({
  ...like,
  asksUpstream: true,
  play: async (exchange) => {
    await exchange.upstream.open()
    await passRest(exchange)
    exchange.strike()
    await end(exchange)
  },
})

const writeHalf = (exchange: ProxyExchange, { bytes }: DataEvent): Promise<void> =>
  exchange.write(bytes.subarray(0, Math.floor(bytes.length / 2)))

/** Writes something, and ends as if all were well. */
const endWith =
  (format: (next: DataEvent) => string): End =>
  async (exchange, next) => {
    await exchange.write(format(onOneLine(next)))
    await exchange.end()
  }

const UPSTREAM_ERROR = formatError({
  message: 'The server had an error while processing your request.',
  type: 'server_error',
})

/** The stream ends before its answer does, or otherwise than HTTP wants. */
export const BROKEN_STREAM: readonly ProxyFault[] = [
  breakOff(cutInsideEvent, async (exchange, next) => {
    await writeHalf(exchange, next)
    await exchange.end()
  }),
  breakOff(cutBetweenEvents, (exchange) => exchange.close()),
  breakOff(closeInsideEvent, async (exchange, next) => {
    await writeHalf(exchange, next)
    await exchange.close()
  }),
  breakOff(noDone, (exchange) => exchange.end()),
  breakOff(resetInsideEvent, async (exchange, next) => {
    await writeHalf(exchange, next)
    await exchange.reset()
  }),
  breakOff(badChunkFraming, async (exchange) => {
    await exchange.settle()
    await exchange.raw('zz\r\ndata: {}\n\n\r\n')
    await exchange.close()
  }),
  breakOff(unterminatedEvent, endWith(formatLines)),
  breakOff(
    htmlMidStream,
    endWith(() => `${BAD_GATEWAY_PAGE}\r\n`),
  ),
  breakOff(
    upstreamError,
    endWith(() => `data: ${UPSTREAM_ERROR}\n\n`),
  ),
  breakOff(stallForever, (exchange) => exchange.hold()),
  breakOff(stallThenClose, async (exchange) => {
    await exchange.pause(STALL_MS)
    await exchange.close()
  }),
  breakAfterwards(lateReset, (exchange) => exchange.reset()),
  breakAfterwards(lateClose, (exchange) => exchange.close()),
  breakAfterwards(hangAfterDone, (exchange) => exchange.hold()),
]
