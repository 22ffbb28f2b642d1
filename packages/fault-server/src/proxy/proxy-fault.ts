import type { Exchange } from '../exchange.ts'
import type { Injector } from '../injector.ts'

/** One event of the upstream's answer, as it came. */
export interface UpstreamEvent {
  /** All of it, with the blank line that ends it. */
  readonly bytes: Uint8Array
  /** The value of its `event:` line. */
  readonly name?: string
  /** The values of its `data:` lines; absent in a block of comments, and in what the end of the body cut. */
  readonly data?: string
}

/** What is still to come from the upstream. */
export interface UpstreamAnswer {
  /**
   * Asks the upstream, and passes the head of its answer on. What is no event stream can't be broken as one: then it rejects,
   * and the proxy passes the answer on untouched.
   */
  open(): Promise<void>
  /** The next event; `undefined` at the end of the body. */
  next(): Promise<UpstreamEvent | undefined>
}

/**
 * One request, its answer from the upstream, and the socket to the client: all that a fault of the proxy sees.
 *
 * @public
 */
export interface ProxyExchange extends Exchange {
  readonly upstream: UpstreamAnswer
  /** After how many events of the answer the fault is due. */
  readonly afterEvents: number
  /** Says that the fault does its harm from here on; the log has it as struck then. */
  strike(): void
}

/**
 * What a proxy can do to the answer of a real upstream.
 *
 * @public
 */
export interface ProxyFault extends Pick<
  Injector,
  'name' | 'summary' | 'api' | 'expected' | 'expectedByMajor' | 'client'
> {
  /** Whether the upstream is asked at all. Where it isn't, nothing is spent there. */
  readonly asksUpstream: boolean
  /** Answers one request. Must end the exchange by `end`, `close`, `reset` or `hold`. */
  play(exchange: ProxyExchange): Promise<void>
}

/** Why a fault that was due did nothing. */
export type MissReason = 'not_an_event_stream' | 'answer_too_short'

/** Thrown by a fault that finds nothing to break: the answer goes on untouched. */
export class Missed extends Error {
  readonly reason: MissReason

  constructor(reason: MissReason) {
    super(reason)
    this.reason = reason
  }
}
