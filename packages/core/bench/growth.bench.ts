// How does what core takes for a read grow: with its size, with the events in it, and with the reads that an event is spread
// over? A line that fits means that nothing in it grows faster than what it is given.
//
// The lines are those of the least relative deviation from the medians. All points of a curve take turns, and each sample
// checks its events. JSON is decoded by somebody else, and handed over.
import { printCurve } from './harness/curve.ts'
import { cut, EVENT, eventOf, readAll, repeat } from './harness/chat-stream.ts'
import { interleave, type Case } from './harness/interleave.ts'
import { describeMachine } from './harness/report.ts'

const ROUNDS = 60
const WARM_UP = 20

/** A stream of such reads, divided by `units`. */
function caseOf(reads: readonly Uint8Array[], eventBytes: number, units: number): Case {
  return { name: '', units, run: () => readAll(reads, eventBytes) }
}

function measure(x: string, y: string, cases: readonly (readonly [x: number, one: Case])[]): void {
  const spreads = interleave(
    cases.map(([, one]) => one),
    ROUNDS,
    WARM_UP,
  )
  const points = spreads.map((spread, i) => [cases[i]?.[0] ?? NaN, spread] as const)
  printCurve({ x, y, points })
}

console.log(`Reads of one size, cut anywhere from events of ${EVENT.length} B:\n`)
const sizes = [16, 64, 256, 1024, 4096, 16_384, 65_536]
const ofSizes = sizes.map((size) => {
  // So many events fill whole reads.
  const events = size * Math.min(64, Math.max(1, 16_384 / size))
  const reads = cut(repeat(EVENT, events), size)
  return [size, caseOf(reads, EVENT.length, reads.length)] as const
})
measure('bytes a read', 'ns a read', ofSizes)

console.log(`Whole events of ${EVENT.length} B:\n`)
const inReads = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((count) => {
  const reads = Array.from({ length: 2048 / count }, () => repeat(EVENT, count))
  return [count, caseOf(reads, EVENT.length, reads.length)] as const
})
measure('events a read', 'ns a read', inReads)

const large = eventOf(1024)
console.log(`Events of ${large.length} B, each spread over several reads:\n`)
const fragmented = [1, 2, 4, 8, 16, 32, 64].map((pieces) => {
  const ofOne = cut(large, Math.ceil(large.length / pieces))
  const reads = Array.from({ length: 256 }, () => ofOne).flat()
  return [ofOne.length, caseOf(reads, large.length, 256)] as const
})
measure('reads an event', 'ns an event', fragmented)

console.log(`${ROUNDS} samples; ${describeMachine()}.`)
