// What does a span of each read cost, `chunkSpans: 'all'`, up to its maximum of 256 reads a stream, and beyond it?
//
// Streams of 256 pieces, all of which get a span, and of 4000; the second less the first is what a chunk beyond the maximum
// takes. Beside the bare SDK, and beside watching without spans of chunks. Processor time; each sample checks its chunks and
// its spans.
import { chunksOf, type Source } from './harness/answers.ts'
import { compare, type Comparison } from './harness/compare.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread } from './harness/statistics.ts'
import { bareTwice, watched } from './subjects/subjects.ts'

const SHORT = 256
const LONG = 4000
const SOURCES: readonly Source[] = ['queued', 'turns']

const subjects = [
  ...bareTwice(7, 'esm'),
  watched(7, 'esm', 'streamgauge', { chunkSpans: 'off' }),
  watched(7, 'esm', "chunkSpans: 'all'", { chunkSpans: 'all' }),
]

const compareStreams = (source: Source, streams: number, pieces: number): Promise<Comparison[]> =>
  compare(subjects, {
    work: { source, streams, pieces },
    units: streams * chunksOf({ pieces }),
    generations: 2,
    rounds: 15,
  })

const rows: string[][] = []
for (const source of SOURCES) {
  const short = await compareStreams(source, 12, SHORT)
  const long = await compareStreams(source, 1, LONG)
  /** A chunk beyond the maximum, in nanoseconds, from the medians. */
  const beyond = (index: number): number => {
    const ns = (of: Comparison[], pieces: number): number => (of[index]?.ns.median ?? NaN) * chunksOf({ pieces })
    return (ns(long, LONG) - ns(short, SHORT)) / (LONG - SHORT)
  }
  for (const [index, { name, addedNs, ratio, ns }] of short.entries()) {
    const ofLong = long[index]
    if (ofLong === undefined) throw new Error('a subject is missing')
    rows.push([
      source,
      name,
      ns.median.toFixed(0),
      formatSpread(addedNs, 0),
      formatSpread(ratio, 3),
      formatSpread(ofLong.ratio, 3),
      (beyond(index) / beyond(0)).toFixed(3),
    ])
  }
}
printTable(
  ['source', '', `ns a chunk of ${SHORT}`, 'added, ns', 'ratio', `ratio of ${LONG}`, `ratio beyond the first ${SHORT}`],
  rows,
)
console.log(`\nopenai 7, ES module; ${describeMachine()}.`)
