import diagnostics from 'node:diagnostics_channel'
import type { WireRecord } from '@streamgauge/core'
import { reportFailure } from '../guard.ts'

/** Told when undici makes a request, in the context of whoever asked for it. */
const CREATED = 'undici:request:create'
/** Told of each piece of a body, before it is decompressed or queued; by undici 7.11 and later: Node.js 24, not 22. */
const RECEIVED = 'undici:request:bodyChunkReceived'

/**
 * Listens to undici for the pieces of the bodies that are waited for here, from the first stream on: to subscribe anew for each
 * takes longer than all else that is done for it. Every other request of the process costs one look into a weak map.
 *
 * Nothing is lost where undici does not tell (node-fetch, a fetch of the application, an older undici): there is no record
 * then. A copy of undici from npm tells on the same channels.
 */
export class WireTap {
  readonly #recordFor: () => WireRecord | undefined
  readonly #records = new WeakMap<object, WireRecord>()
  #streams = 0
  #isListening = false
  #isStopped = false

  /** @param recordFor gives the record for a request that the running code makes, where one is wanted */
  constructor(recordFor: () => WireRecord | undefined) {
    this.#recordFor = recordFor
  }

  /** A stream has begun. */
  open(): void {
    this.#streams++
    this.#isStopped = false
    if (this.#isListening) return
    this.#isListening = true
    diagnostics.subscribe(CREATED, this.#created)
    diagnostics.subscribe(RECEIVED, this.#received)
  }

  /** A stream has ended. */
  close(): void {
    this.#streams--
    this.#rest()
  }

  /** Listens no longer than until the last stream has ended, unless another one begins. */
  stop(): void {
    this.#isStopped = true
    this.#rest()
  }

  #rest(): void {
    if (!this.#isStopped || !this.#isListening || this.#streams > 0) return
    this.#isListening = false
    diagnostics.unsubscribe(CREATED, this.#created)
    diagnostics.unsubscribe(RECEIVED, this.#received)
  }

  // What a listener throws becomes an uncaught exception.
  readonly #created = (message: unknown): void => {
    try {
      const { request } = message as { readonly request: object }
      const record = this.#recordFor()
      if (record !== undefined) this.#records.set(request, record)
    } catch (error) {
      reportFailure('a request of undici', error)
    }
  }

  readonly #received = (message: unknown): void => {
    try {
      const { request, chunk } = message as { readonly request: object; readonly chunk: Uint8Array }
      this.#records.get(request)?.add(chunk.length, performance.now())
    } catch (error) {
      reportFailure('a piece of undici', error)
    }
  }
}
