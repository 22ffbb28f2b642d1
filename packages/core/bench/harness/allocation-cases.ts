import { cut, EVENT, repeat } from './chat-stream.ts'

/** How a stream comes whose allocations are counted. */
export interface AllocationCase {
  readonly name: string
  /** Over and over again: events of the one kind. */
  readonly reads: readonly Uint8Array[]
  /** Bytes of the stream before the first read that is counted. */
  readonly readBefore: number
}

/** Both reads of 16 KiB and whole events divide it. */
const BODY: Uint8Array = repeat(EVENT, 16_384)
const READ = 16_384
const GIBIBYTE = 2 ** 30

export const ALLOCATION_CASES: readonly AllocationCase[] = [
  { name: 'one event', reads: [EVENT], readBefore: 0 },
  { name: 'a quarter of an event', reads: cut(EVENT, Math.ceil(EVENT.length / 4)), readBefore: 0 },
  { name: '16 KiB, cut anywhere', reads: cut(BODY, READ), readBefore: 0 },
  { name: '16 KiB, cut anywhere, beyond the first 2 GiB', reads: cut(BODY, READ), readBefore: 2 * GIBIBYTE },
]
