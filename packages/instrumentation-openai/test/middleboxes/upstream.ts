import {
  formatEvent,
  startFaultServer,
  type Exchange,
  type FaultServer,
  type Injector,
} from '@streamgauge/fault-server'

/** How fast an answer comes, and of how many pieces it is. */
interface Speed {
  readonly name: string
  readonly pieces: number
  readonly paceMs: number
}

/** So slow that a busy machine makes no bursts of it. */
const PACED: Speed = { name: 'paced', pieces: 40, paceMs: 40 }
/** So long that one who holds it back is seen to, whatever moments a busy client could not look in. */
const LONG: Speed = { name: 'long', pieces: 40, paceMs: 65 }
/** So fast that a buffer fills several times. */
const QUICK: Speed = { name: 'quick', pieces: 100, paceMs: 15 }
/** So fast that a fifth of a second holds many events, also on a busy machine. */
const BRISK: Speed = { name: 'brisk', pieces: 300, paceMs: 8 }
const THINKING_MS = 800
const PAUSE_MS = 5000
/** Longer than the timers that end it, and shorter than what counts as stalled. */
const SILENCE_MS = 2000

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
const UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'

type Send = (from?: number, to?: number) => Promise<void>

/** What answers do, each at every speed. `send` sends a part of the answer. */
const WAYS: Readonly<Record<string, (exchange: Exchange, send: Send, cut: number) => Promise<void>>> = {
  '': async (exchange, send) => {
    await exchange.headers()
    await send()
    await exchange.end()
  },
  _accel: async (exchange, send) => {
    await exchange.headers(200, { ...EVENT_STREAM, 'x-accel-buffering': 'no' })
    await send()
    await exchange.end()
  },
  _length: async (exchange, send) => {
    const length = exchange.events.reduce((sum, event) => sum + Buffer.byteLength(formatEvent(event)), 0)
    await exchange.headers(200, { ...EVENT_STREAM, 'content-length': `${length}` })
    await send()
    await exchange.end()
  },
  _thinking: async (exchange, send) => {
    await exchange.headers()
    await exchange.pause(THINKING_MS)
    await send()
    await exchange.end()
  },
  _pause: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.pause(PAUSE_MS)
    await send(cut)
    await exchange.end()
  },
  _silence: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.pause(SILENCE_MS)
    await send(cut)
    await exchange.end()
  },
  _late: async (exchange, send) => {
    await exchange.pause(SILENCE_MS)
    await exchange.headers()
    await send()
    await exchange.end()
  },
  _reset: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.reset()
  },
  _close: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.close()
  },
  _end: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.end()
  },
  _stall: async (exchange, send, cut) => {
    await exchange.headers()
    await send(0, cut)
    await exchange.hold()
  },
}

function answersAt({ name, pieces, paceMs }: Speed): Injector[] {
  // More than half: enough for a pattern in its arrival.
  const cut = Math.ceil(pieces * 0.6) + 4
  const injector = (way: string, play: Injector['play']): Injector => ({
    name: `${name}${way}`,
    summary: `${pieces} pieces, one every ${paceMs} ms.`,
    api: 'any',
    answer: { pieces },
    expected: { outcome: 'completed' },
    play,
  })
  const sendBy =
    (exchange: Exchange, write: Exchange['write']): Send =>
    async (from, to) => {
      for (const event of exchange.events.slice(from, to)) {
        await write(formatEvent(event))
        await exchange.pause(paceMs)
      }
    }
  return [
    ...Object.entries(WAYS).map(([way, play]) =>
      injector(way, (exchange) =>
        play(
          exchange,
          sendBy(exchange, (bytes) => exchange.write(bytes)),
          cut,
        ),
      ),
    ),
    injector('_until_close', async (exchange) => {
      await exchange.raw(UNTIL_CLOSE)
      await sendBy(exchange, (bytes) => exchange.raw(bytes))()
      await exchange.close()
    }),
  ]
}

/** Starts the fault server with answers that take their time: what a middlebox does to a stream shows only there. */
export const startUpstream = (): Promise<FaultServer> =>
  startFaultServer({ extraFaults: [PACED, LONG, QUICK, BRISK].flatMap(answersAt) })
