import {
  formatEvent,
  startFaultServer,
  type Exchange,
  type FaultServer,
  type Injector,
} from '@streamgauge/fault-server'

const PIECES = 100
const PACE_MS = 15

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

async function sendPaced(exchange: Exchange, from = 0, to: number = exchange.events.length): Promise<void> {
  for (const event of exchange.events.slice(from, to)) {
    await exchange.write(formatEvent(event))
    await exchange.pause(PACE_MS)
  }
}

function injector(name: string, summary: string, play: Injector['play']): Injector {
  return { name, summary, api: 'any', answer: { pieces: PIECES }, expected: { outcome: 'completed' }, play }
}

/** Answers that take their time, as those of a model do: what a middlebox does to a stream shows only there. */
const ANSWERS: readonly Injector[] = [
  injector('paced', 'A hundred pieces, one every 15 ms.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange)
    await exchange.end()
  }),
  injector('paced_accel', 'The same, with a request not to buffer it.', async (exchange) => {
    await exchange.headers(200, { ...EVENT_STREAM, 'x-accel-buffering': 'no' })
    await sendPaced(exchange)
    await exchange.end()
  }),
  injector('paced_length', 'The same, with a length.', async (exchange) => {
    const length = exchange.events.reduce((sum, event) => sum + Buffer.byteLength(formatEvent(event)), 0)
    await exchange.headers(200, { ...EVENT_STREAM, 'content-length': `${length}` })
    await sendPaced(exchange)
    await exchange.end()
  }),
  injector('paced_until_close', 'The same, until the connection ends.', async (exchange) => {
    await exchange.raw('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n')
    for (const event of exchange.events) {
      await exchange.raw(formatEvent(event))
      await exchange.pause(PACE_MS)
    }
    await exchange.close()
  }),
  injector('paced_reset', 'Half of it, then a reset.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange, 0, PIECES / 2)
    await exchange.reset()
  }),
  injector('paced_close', 'Half of it, then FIN, before the last HTTP chunk.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange, 0, PIECES / 2)
    await exchange.close()
  }),
  injector('paced_end', 'Half of it, then the end of the body.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange, 0, PIECES / 2)
    await exchange.end()
  }),
  injector('paced_stall', 'Half of it, then silence.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange, 0, PIECES / 2)
    await exchange.hold()
  }),
  injector('paced_pause', 'Half of it, silence for 4 s, then the rest.', async (exchange) => {
    await exchange.headers()
    await sendPaced(exchange, 0, PIECES / 2)
    await exchange.pause(4000)
    await sendPaced(exchange, PIECES / 2)
    await exchange.end()
  }),
  injector('thinking', 'Headers at once, silence for 800 ms, then the answer.', async (exchange) => {
    await exchange.headers()
    await exchange.pause(800)
    await sendPaced(exchange)
    await exchange.end()
  }),
]

/** Starts the fault server with them. */
export const startUpstream = (): Promise<FaultServer> => startFaultServer({ extraFaults: ANSWERS })
