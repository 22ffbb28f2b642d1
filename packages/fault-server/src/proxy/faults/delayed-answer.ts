import { BUFFERED_MS, buffered } from '../../faults/buffered.ts'
import { BURST_EVENTS, coalesced, PAUSE_MS } from '../../faults/coalesced.ts'
import { STALL_MS, stallThenContinue } from '../../faults/stall-then-continue.ts'
import { MAX_BODY_BYTES } from '../../http/read-body.ts'
import { passRest, passUntilStrike } from '../play.ts'
import type { ProxyExchange, ProxyFault } from '../proxy-fault.ts'

const LATE_MS = 1000

/** Holds so many events and hands them on in one write; what is too much to hold goes on at once. */
const passTogether = async (exchange: ProxyExchange, events: number): Promise<boolean> => {
  const held: Uint8Array[] = []
  let size = 0
  for (let count = 0; count < events && size < MAX_BODY_BYTES; count += 1) {
    const event = await exchange.upstream.next()
    if (event === undefined) break
    held.push(event.bytes)
    size += event.bytes.length
  }
  if (size > 0) await exchange.write(Buffer.concat(held))
  return held.length > 0
}

/** The whole answer comes, only not when it should. */
export const DELAYED_ANSWER: readonly ProxyFault[] = [
  {
    name: 'late_headers',
    summary: 'Nothing for 1000 ms, then the answer as it comes.',
    api: 'any',
    expected: { outcome: 'completed' },
    asksUpstream: true,
    play: async (exchange) => {
      await exchange.pause(LATE_MS)
      await exchange.upstream.open()
      exchange.strike()
      await passRest(exchange)
      await exchange.end()
    },
  },
  {
    ...stallThenContinue,
    asksUpstream: true,
    play: async (exchange) => {
      const { bytes } = await passUntilStrike(exchange)
      await exchange.pause(STALL_MS)
      await exchange.write(bytes)
      await passRest(exchange)
      await exchange.end()
    },
  },
  {
    ...buffered,
    asksUpstream: true,
    play: async (exchange) => {
      await exchange.upstream.open()
      exchange.strike()
      await exchange.pause(BUFFERED_MS)
      while (await passTogether(exchange, Infinity));
      await exchange.end()
    },
  },
  {
    ...coalesced,
    asksUpstream: true,
    play: async (exchange) => {
      await exchange.upstream.open()
      exchange.strike()
      do await exchange.pause(PAUSE_MS)
      while (await passTogether(exchange, BURST_EVENTS))
      await exchange.end()
    },
  },
]
