import { formatEvent, startFaultServer, type FaultServer, type Injector } from '@streamgauge/fault-server'

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' }

/** An answer that takes its time: so many pieces, so far apart, with these headers. */
function paced(name: string, pieces: number, paceMs: number, headers: Readonly<Record<string, string>> = {}): Injector {
  return {
    name,
    summary: `${pieces} pieces, one every ${paceMs} ms.`,
    api: 'any',
    answer: { pieces },
    expected: { outcome: 'completed' },
    play: async (exchange) => {
      await exchange.headers(200, { ...EVENT_STREAM, ...headers })
      for (const event of exchange.events) {
        await exchange.write(formatEvent(event))
        await exchange.pause(paceMs)
      }
      await exchange.end()
    },
  }
}

/** A server that never comes to its end, as fast as it is read. */
const endless: Injector = {
  name: 'endless',
  summary: 'Events without an end.',
  api: 'any',
  expected: { outcome: 'cancelled' },
  play: async (exchange) => {
    await exchange.headers()
    const [first] = exchange.events
    const text = first === undefined ? '' : formatEvent(first).repeat(100)
    for (let sent = 0; sent < 100_000; sent++) await exchange.write(text)
    await exchange.end()
  },
}

/** Starts the fault server with answers that take their time. */
export const startUpstream = (): Promise<FaultServer> =>
  startFaultServer({
    extraFaults: [
      // More than two seconds: enough to tell how they arrive.
      paced('paced', 45, 50),
      paced('paced_accel', 45, 50, { 'x-accel-buffering': 'no' }),
      // So fast that a buffer fills several times.
      paced('quick', 120, 15),
      endless,
    ],
  })
