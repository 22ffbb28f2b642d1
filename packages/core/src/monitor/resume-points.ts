import type { FrameReader } from '../sse/frame-reader.ts'

/** A place in the body at which a frame begins, and the index of the event that is the next one there. */
export interface ResumePoint {
  readonly start: number
  readonly event: number
}

/** From where the last frames are decoded once more, where the consumer failed on one of them. */
export class ResumePoints {
  /** Where the frame in progress began when the last read came. */
  #start = 0
  #event = 0
  /**
   * The same of an earlier read, all before which the consumer was handed: readers wait for what follows a carriage return,
   * and are an event behind then.
   */
  #olderStart = 0
  #olderEvent = 0

  /** A read comes; `taken` events were handed over before it. */
  advance(frames: FrameReader, taken: number): void {
    // Only where the consumer has come that far: what it was not handed yet must be found again.
    if (taken < this.#event) return
    this.#olderStart = this.#start
    this.#olderEvent = this.#event
    this.#start = frames.frameStart
    this.#event = frames.events
  }

  /** Offset of the first byte that is still needed for it. */
  neededFrom(frames: FrameReader, taken: number): number {
    if (taken >= frames.events) return frames.frameStart
    return taken < this.#event ? this.#olderStart : this.#start
  }

  /**
   * Where to begin for the first event that was not handed over.
   *
   * @param heldFrom offset of the first byte that is still at hand
   */
  find(taken: number, heldFrom: number): ResumePoint {
    return taken < this.#event && heldFrom <= this.#olderStart
      ? { start: this.#olderStart, event: this.#olderEvent }
      : { start: this.#start, event: this.#event }
  }
}
