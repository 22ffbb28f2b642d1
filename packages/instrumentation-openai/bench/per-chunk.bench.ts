// What does watching cost per chunk, over the bare SDK, for each major and both module formats?
//
// An in-process fetch gives one event per read. `queued` has each there when it is asked for, so that the SDK's own work is
// all there is beside ours, and the ratio at its worst; `turns` gives each a turn of the event loop, as a network does.
// Processor time, not wall time: the machine may be doing other things. Each sample checks its chunks and its spans.
import type { Source } from './harness/answers.ts'
import { chunksOf } from './harness/answers.ts'
import { compare } from './harness/compare.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread } from './harness/statistics.ts'
import { bareTwice, FORMATS, MAJORS, watched } from './subjects/subjects.ts'

const STREAMS = 4
const PIECES = 1000
const SOURCES: readonly Source[] = ['queued', 'turns']

const rows: string[][] = []
for (const source of SOURCES) {
  for (const major of MAJORS) {
    for (const format of FORMATS) {
      const work = { source, streams: STREAMS, pieces: PIECES }
      const units = STREAMS * chunksOf({ pieces: PIECES })
      const options = { work, units, generations: 3, rounds: 20 }
      const [bare, control, own] = await compare([...bareTwice(major, format), watched(major, format)], options)
      if (bare === undefined || control === undefined || own === undefined) throw new Error('a subject is missing')
      rows.push([
        source,
        `openai ${major}`,
        format,
        bare.ns.median.toFixed(0),
        formatSpread(own.addedNs, 0),
        formatSpread(own.ratio, 3),
        formatSpread(control.ratio, 3),
      ])
    }
  }
}
printTable(['source', 'SDK', 'format', 'bare, ns', 'added, ns', 'ratio', 'bare against bare'], rows)
console.log(`\n${PIECES} pieces a stream, its begin and end included; ${describeMachine()}.`)
