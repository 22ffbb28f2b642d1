import { setImmediate } from 'node:timers/promises'
import { formatEvent } from '../answer/stream-event.ts'
import type { Exchange } from '../exchange.ts'

/** Sends the whole answer one byte per write. A turn of the event loop lies between two, so a reader here sees each. */
export const sendBytewise = async (exchange: Exchange): Promise<void> => {
  await exchange.headers()
  for (const event of exchange.events) {
    await exchange.pace()
    for (const byte of Buffer.from(formatEvent(event))) {
      await exchange.write(Uint8Array.of(byte))
      await setImmediate()
    }
  }
  await exchange.end()
}
