// How fast does core read a stream, and what does it allocate on the way? Goals: 1 GB/s in reads of 16 KiB, 150 MB/s with
// one event per read, and nothing allocated per read.
//
// Somebody else decodes the JSON and hands each value over, as in an instrumented application; the search for bytes and the
// check of UTF-8 are those of Node.js. All cases take turns. Each sample checks the number of events it found: a reader that
// skips some cannot be fast.
//
// Allocation is counted in a process of its own, in which no garbage is collected meanwhile. What there is of it are views, of
// 104 B each: one whenever small reads are looked at together, which are 32 where each is an event; and one for each read of
// 16 KiB, through which the part that may still be needed of it is copied. Byte by byte, that copy would need none, and take
// longer from some 100 bytes on. Beyond 2 GiB, offsets are no small integers of V8 any more, but objects; and so is a time
// wherever what takes it is not inlined, which differs from one process to the next: 16 B.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ALLOCATION_CASES } from './harness/allocation-cases.ts'
import { cut, EVENT, readAll, repeat } from './harness/chat-stream.ts'
import { interleave, type Case } from './harness/interleave.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'

const EVENTS = 4096
const ROUNDS = 100
const WARM_UP = 30

const body = repeat(EVENT, EVENTS)

function caseOf(name: string, bytesPerRead: number): Case {
  const reads = cut(body, bytesPerRead)
  return { name, units: EVENTS, run: () => readAll(reads, EVENT.length) }
}

const cases = [64, 256, 1024, 16_384, 65_536].map((bytes) => caseOf(`${bytes} B`, bytes))
cases.push(caseOf(`one event (${EVENT.length} B)`, EVENT.length))
const spreads = interleave(cases, ROUNDS, WARM_UP)
printTable(
  ['a read', 'MB/s', 'ns an event'],
  spreads.map((spread, i) => {
    const speed = (ns: number): number => (EVENT.length / ns) * 1000
    const { median, lower, upper } = spread
    const speeds = { median: speed(median), lower: speed(upper), upper: speed(lower) }
    return [cases[i]?.name ?? '', formatSpread(speeds, 0), formatSpread(spread, 0)]
  }),
)

const youngMiB = 256
const options = [`--min-semi-space-size=${youngMiB}`, `--max-semi-space-size=${youngMiB}`, '--experimental-strip-types']
const printed = execFileSync(
  process.execPath,
  [...options, join(import.meta.dirname, 'harness/allocation-worker.ts')],
  {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  },
)
const allocated = JSON.parse(printed) as readonly (readonly number[])[]
console.log()
printTable(
  ['a read', 'allocated, B a read'],
  ALLOCATION_CASES.map(({ name }, i) => [name, formatSpread(spreadOf(allocated[i] ?? []), 1)]),
)
console.log(`\n${EVENTS} events of ${EVENT.length} B a sample, ${ROUNDS} samples; ${describeMachine()}.`)
