import { ByteRing } from './byte-ring.ts'

/**
 * Keeps of a body what a fault may be judged from: the last two reads, by reference, and of what came before as much as is
 * still needed, as a copy of `maxBytes` at most.
 *
 * Where each read brings whole events, which is what models send, nothing is ever copied, and nothing allocated.
 */
export class FlightRecorder {
  /** Bytes ever pushed: the offset of the next one. */
  end = 0
  readonly #maxBytes: number
  /** Made when something is copied for the first time. */
  #older: ByteRing | undefined
  #previous: Uint8Array = EMPTY
  #newest: Uint8Array = EMPTY
  #newestStart = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Offset of the oldest byte still held. */
  get start(): number {
    return this.#older?.start ?? this.#newestStart - this.#previous.length
  }

  /** Bytes of memory of its own; never above `maxBytes`. */
  get allocated(): number {
    return this.#older?.allocated ?? 0
  }

  /** Bytes that are held by reference. */
  get referenced(): number {
    return this.#previous.length + this.#newest.length
  }

  /**
   * Takes the next read, and keeps it by reference.
   *
   * @param neededFrom offset of the first byte of earlier reads that is still needed
   */
  push(chunk: Uint8Array, neededFrom: number): void {
    this.release(neededFrom)
    this.#previous = this.#newest
    this.#newestStart = this.end
    this.#newest = chunk
    this.end += chunk.length
  }

  /** Lets go of the read before the newest one, and keeps a copy of what is needed of it. */
  release(neededFrom: number): void {
    const previous = this.#previous
    const end = this.#newestStart
    if (neededFrom < end) this.#keep(previous, end - previous.length, neededFrom)
    else this.#older?.restart(end)
    this.#previous = EMPTY
  }

  /** Lets go of what is held by reference, and keeps a copy of what is needed of it. */
  settle(neededFrom: number): void {
    if (this.referenced === 0) return
    this.push(EMPTY, neededFrom)
    this.push(EMPTY, neededFrom)
  }

  /** A copy of the bytes from `from` (or the oldest held after it) up to `to`, and the offset of the first. */
  slice(from: number, to: number): { readonly bytes: Uint8Array; readonly offset: number } {
    const offset = Math.max(from, this.start)
    if (to <= offset) return { bytes: EMPTY, offset }
    const bytes = new Uint8Array(to - offset)
    const older = this.#older
    const previousStart = this.#newestStart - this.#previous.length
    if (older !== undefined && offset < previousStart) older.copyTo(bytes, offset, Math.min(to, previousStart))
    copyPart(this.#previous, previousStart, bytes, offset, to)
    copyPart(this.#newest, this.#newestStart, bytes, offset, to)
    return { bytes, offset }
  }

  #keep(chunk: Uint8Array, start: number, neededFrom: number): void {
    if (chunk.length === 0) return
    this.#older ??= new ByteRing(this.#maxBytes)
    if (neededFrom < start) return this.#older.push(chunk)
    this.#older.restart(neededFrom)
    this.#older.push(chunk.subarray(neededFrom - start))
  }
}

/** Copies what stands between `from` and `to` of a chunk that begins at `start`. */
function copyPart(chunk: Uint8Array, start: number, target: Uint8Array, from: number, to: number): void {
  const first = Math.max(from, start)
  const last = Math.min(to, start + chunk.length)
  if (first < last) target.set(chunk.subarray(first - start, last - start), first - from)
}

const EMPTY = new Uint8Array(0)
