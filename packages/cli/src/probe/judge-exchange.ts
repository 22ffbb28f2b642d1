import type { AnomalyFinding, Exchange } from './exchange.ts'

/** What the way of the events says of the path. */
export type ArrivalVerdict =
  | 'flows'
  /** The whole answer came late and at once. */
  | 'held_back'
  /** Many events at a time, with waits in between. */
  | 'in_bursts'
  /** Too few events, or too quick ones, to say. */
  | 'unclear'

/** Fewest events that say something: as many as the rules of core want. */
export const MIN_EVENTS = 24
/** Shortest time over which they must come to say that nothing holds them back, in milliseconds. */
export const MIN_SPREAD_MS = 1000

/** Judges when the events of an answer came. What is wrong is for the rules of core to say. */
export function judgeArrival(exchange: Exchange): ArrivalVerdict {
  if (findAnomaly(exchange, 'buffered') !== undefined) return 'held_back'
  if (findAnomaly(exchange, 'coalesced') !== undefined) return 'in_bursts'
  const { events } = exchange
  return events >= MIN_EVENTS && spreadMs(exchange) >= MIN_SPREAD_MS ? 'flows' : 'unclear'
}

/** The anomaly of an answer that was held back, one way or the other. */
export function findHolding(exchange: Exchange): AnomalyFinding | undefined {
  return findAnomaly(exchange, 'buffered') ?? findAnomaly(exchange, 'coalesced')
}

/** From the first event to the last, in milliseconds. */
export function spreadMs({ firstEventMs, lastEventMs }: Exchange): number {
  return firstEventMs === null || lastEventMs === null ? 0 : lastEventMs - firstEventMs
}

/** An anomaly of an exchange, if it has it. */
export function findAnomaly({ anomalies }: Exchange, type: AnomalyFinding['type']): AnomalyFinding | undefined {
  return anomalies.find((anomaly) => anomaly.type === type)
}
