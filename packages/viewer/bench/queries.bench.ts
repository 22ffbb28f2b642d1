// How long does each answer of the API take where 200,000 streams are stored, and how much memory and room do they take?
//
// The viewer is a process of its own, filled to the limits: 200,000 streams of which 1 in 20 is broken, 200 with 32 chunk spans and
// a log event, and 20,000 series of metrics. Nothing comes in meanwhile (ingest.bench.ts has that). A time is that of a client
// on the same machine, from the request to the last byte; the processor's is that of the viewer, for an answer on average, which
// others on the machine don't change. Some answers are compared with what was stored.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callsOf, time } from './harness/calls.ts'
import { describeMachine, expectEqual, latencyCells, megabytes, printTable } from './harness/report.ts'
import { BROKEN_EVERY } from './harness/telemetry.ts'
import { startViewer } from './harness/viewer-process.ts'

const STREAMS = 200_000
const ROUNDS = 30
const WARM_UP = 5
const SERIES = 20_000
const BROKEN_WITH_CHUNKS = Array.from({ length: 200 }, (_, i) => (STREAMS / BROKEN_EVERY - 1 - i) * BROKEN_EVERY)
const [BROKEN = 0] = BROKEN_WITH_CHUNKS

async function checkAnswers(url: string): Promise<void> {
  const json = async (path: string) => JSON.parse((await time(url, { name: path, path })).text)
  const { streams, outcomes, parseErrors } = await json('/api/overview')
  const broken = STREAMS / BROKEN_EVERY
  expectEqual({ streams, broken: outcomes.broken }, { streams: STREAMS, broken }, 'the overview')
  expectEqual(parseErrors.ended, SERIES, 'the sum over the series')
  expectEqual((await json('/api/streams?text=STALLED')).matching, STREAMS / 10, 'the search')
}

const folder = mkdtempSync(join(tmpdir(), 'streamgauge-bench-'))
const latencies: string[][] = []
const sizes: string[][] = []
for (const path of [undefined, join(folder, 'streams.db')]) {
  const where = path === undefined ? 'memory' : 'file'
  const viewer = await startViewer({
    ...(path === undefined ? {} : { path }),
    streams: STREAMS,
    brokenWithChunks: BROKEN_WITH_CHUNKS,
    series: SERIES,
  })
  await checkAnswers(viewer.url)
  const calls = callsOf(0, STREAMS, BROKEN)
  for (const [i, call] of calls.entries()) {
    for (let round = 0; round < WARM_UP; round += 1) await time(viewer.url, call)
    const cpuBefore = await viewer.cpuMs()
    const durations: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) durations.push((await time(viewer.url, call)).ms)
    const cpuMs = (await viewer.cpuMs()) - cpuBefore
    latencies[i] = [...(latencies[i] ?? [call.name]), ...latencyCells(durations), (cpuMs / ROUNDS).toFixed(1)]
  }
  const { rss, heapUsed, fileBytes } = await viewer.figures()
  await viewer.stop()
  sizes.push([where, megabytes(rss), megabytes(heapUsed), path === undefined ? '' : megabytes(fileBytes)])
}
rmSync(folder, { recursive: true })

const figures = ['p50', 'p95', 'longest', 'processor']
const columns = ['memory', 'file'].flatMap((where) => figures.map((name) => `${where}: ${name}, ms`))
printTable(['answer', ...columns], latencies)
console.log()
printTable(['store in', 'process, MB', 'of it JavaScript, MB', 'file, MB'], sizes)
console.log(`\n${STREAMS} streams, ${SERIES} series, ${ROUNDS} rounds; ${describeMachine()}.`)
