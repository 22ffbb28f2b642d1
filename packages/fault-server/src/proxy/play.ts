import { Missed, type ProxyExchange, type UpstreamEvent } from './proxy-fault.ts'

/** An event with data, which a fault can break. */
export type DataEvent = UpstreamEvent & { readonly data: string }

/** What says that the answer is whole, or about to be: breaking it later would break nothing. */
const FINISH =
  /^\[DONE\]|"finish_reason"\s*:\s*"[^"]|"type"\s*:\s*"(?:response\.(?:completed|failed|incomplete|done)|image_\w+\.completed|transcript\.text\.done|speech\.audio\.done)"/

/** The same event on one data line: a line break between two is white space of the JSON. */
export const onOneLine = (event: DataEvent): DataEvent => ({ ...event, data: event.data.replaceAll('\n', ' ') })

const hasData = (event: UpstreamEvent): event is DataEvent => event.data !== undefined

/**
 * Passes the head and some events on, and says that the fault strikes. An answer that finishes sooner is struck at the event that
 * finishes it.
 *
 * @returns the event that comes next, which wasn't passed on
 */
export const passUntilStrike = async (exchange: ProxyExchange): Promise<DataEvent> => {
  const { upstream, afterEvents } = exchange
  await upstream.open()
  let passed = 0
  for (let event = await upstream.next(); event !== undefined; event = await upstream.next()) {
    if (hasData(event)) {
      if (passed >= afterEvents || FINISH.test(event.data)) {
        exchange.strike()
        return event
      }
      passed += 1
    }
    await exchange.write(event.bytes)
  }
  throw new Missed('answer_too_short')
}

/** Passes on what is left of the body, without an end. */
export const passRest = async (exchange: ProxyExchange): Promise<void> => {
  const { upstream } = exchange
  for (let event = await upstream.next(); event !== undefined; event = await upstream.next()) {
    await exchange.write(event.bytes)
  }
}
