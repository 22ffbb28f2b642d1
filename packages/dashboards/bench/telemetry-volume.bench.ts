// How much telemetry does one stream make: spans, bytes of OTLP for each setting of chunkSpans, and series in Prometheus?
//
// An application in a process of its own reads streams of the fault server with openai 7, watched through the door without code;
// its NodeSDK sends protobuf with gzip to a receiver, which counts. 200 pieces of text a stream, each an event and a read; the
// broken ones end in the middle. Averages over the streams of a run, whose spans come in batches of up to 512. gzip finds more
// in common between them than between those of a real service: its column is the least that can be.
//
// How many spans are lost where many streams break at once is measured with the queue that the SDK has unless it is told
// otherwise. What the page docs/sizing.md says is computed from these figures.
import { BROKEN_NAMES, HEALTHY, PIECES, runApp, type Streams } from './harness/run-app.ts'
import { keepMeasured, type StreamVolume } from './harness/measured.ts'
import { seriesByInstrument, spanNames } from './harness/otlp-messages.ts'
import type { Export, Signal } from './harness/receiver.ts'
import { describeMachine, tableOf, whole } from './harness/report.ts'
import { writeSizingPage } from './harness/sizing-page.ts'

const STREAMS = 120
/** Few enough for each event to be a read of its own, and for each stream that breaks to have all of its chunk spans. */
const AT_ONCE = 4
const MODEL = 'gpt-5-mini'
const CELLS = 10
const TOGETHER = [50, 100, 400]
const SDK_QUEUE = '2048'

const read = (
  answers: readonly string[],
  more: Partial<Streams>,
  env: Record<string, string>,
): Promise<readonly Export[]> => runApp({ models: [MODEL], answers, atOnce: AT_ONCE, count: STREAMS, ...more }, env)

const sum = (exports: readonly Export[], signal: Signal, of: (one: Export) => number): number =>
  exports.filter((one) => one.signal === signal).reduce((total, one) => total + of(one), 0)

async function volumeOf(answer: string, chunkSpans: string): Promise<StreamVolume> {
  const exports = await read([answer], {}, { STREAMGAUGE_CHUNK_SPANS: chunkSpans })
  const names = exports.filter(({ signal }) => signal === 'traces').flatMap(({ body }) => spanNames(body))
  if (names.filter((name) => name === `chat ${MODEL}`).length !== STREAMS) throw new Error('streams were lost')
  return {
    spans: names.length / STREAMS,
    bytes: sum(exports, 'traces', ({ body }) => body.length) / STREAMS,
    gzipBytes: sum(exports, 'traces', ({ wireBytes }) => wireBytes) / STREAMS,
    logBytes: sum(exports, 'logs', ({ body }) => body.length) / STREAMS,
  }
}

interface MetricVolume {
  readonly series: ReadonlyMap<string, number>
  readonly total: number
  readonly bytes: number
  readonly gzipBytes: number
}

async function metricsOf(answers: readonly string[], cells: number): Promise<MetricVolume> {
  const models = Array.from({ length: cells }, (_, index) => `gpt-5-mini-${index}`)
  const count = cells * answers.length * 2
  const exports = await read(answers, { models, count }, { STREAMGAUGE_CHUNK_TIMING: 'all' })
  const [last, ...others] = exports.filter(({ signal }) => signal === 'metrics')
  if (last === undefined || others.length > 0) throw new Error('there must be one export of the metrics')
  const series = seriesByInstrument(last.body)
  const total = [...series.values()].reduce((all, one) => all + one, 0)
  return { series, total, bytes: last.body.length, gzipBytes: last.wireBytes }
}

const volumes = new Map<string, StreamVolume>()
for (const answer of [HEALTHY, ...BROKEN_NAMES]) {
  for (const chunkSpans of ['off', 'on_fault', 'all']) {
    volumes.set(`${answer} ${chunkSpans}`, await volumeOf(answer, chunkSpans))
  }
}
const volume = (answer: string, chunkSpans: string): StreamVolume => {
  const found = volumes.get(`${answer} ${chunkSpans}`)
  if (found === undefined) throw new Error(`${answer} ${chunkSpans} was not measured`)
  return found
}
const volumeRows = [...volumes].map(([name, { spans, bytes, gzipBytes, logBytes }]) => [
  ...name.replace('bench_', '').split(' '),
  spans.toFixed(1),
  whole(bytes),
  whole(gzipBytes),
  whole(logBytes),
])
console.log(tableOf(['stream', 'chunkSpans', 'spans', 'bytes of traces', 'with gzip', 'bytes of logs'], volumeRows))

const one = await metricsOf([HEALTHY], 1)
const failing = await metricsOf([HEALTHY, ...BROKEN_NAMES], 1)
const many = await metricsOf([HEALTHY], CELLS)
const metricRow = (name: string, { total, bytes, gzipBytes }: MetricVolume): string[] => [
  name,
  whole(total),
  whole(bytes),
  whole(gzipBytes),
]
console.log(`\nOne export of one process:\n`)
console.log(
  tableOf(
    ['cells', 'series', 'bytes of metrics', 'with gzip'],
    [
      metricRow('1', one),
      metricRow(`1, with ${BROKEN_NAMES.length} types of error`, failing),
      metricRow(`${CELLS}`, many),
    ],
  ),
)
console.log(`\nSeries of a cell, by instrument:\n`)
const instruments = [...failing.series.keys()].map((name) => [
  `\`${name}\``,
  `${one.series.get(name) ?? 0}`,
  `${failing.series.get(name) ?? 0}`,
])
console.log(tableOf(['instrument', 'healthy', `with ${BROKEN_NAMES.length} types of error`], instruments))

const lost: string[][] = []
for (const together of TOGETHER) {
  const [answer = ''] = BROKEN_NAMES
  const exports = await read([answer], { atOnce: together, count: together }, { OTEL_BSP_MAX_QUEUE_SIZE: SDK_QUEUE })
  const names = exports.filter(({ signal }) => signal === 'traces').flatMap(({ body }) => spanNames(body))
  const streams = names.filter((name) => name === `chat ${MODEL}`).length
  const made = Math.round(volume(answer, 'on_fault').spans) * together
  lost.push([whole(together), whole(made), whole(names.length), whole(streams)])
}
console.log(`\nStreams that break at once, in a process with the SDK's own queue of ${SDK_QUEUE} spans:\n`)
console.log(tableOf(['streams', 'spans without a bound', 'spans received', 'of streams'], lost))
console.log(`\n${PIECES} pieces a stream, ${STREAMS} streams a run; ${describeMachine()}.`)

const [all, off] = [volume(HEALTHY, 'all'), volume(HEALTHY, 'off')]
const perChunk = (of: (from: StreamVolume) => number): number => (of(all) - of(off)) / (all.spans - off.spans)
const largest = BROKEN_NAMES.map((name) => volume(name, 'on_fault')).toSorted((a, b) => b.bytes - a.bytes)[0]
const perCell = (of: (from: MetricVolume) => number): number => (of(many) - of(one)) / (CELLS - 1)
keepMeasured('volume', {
  healthy: volume(HEALTHY, 'on_fault'),
  broken: largest ?? volume(HEALTHY, 'on_fault'),
  perChunkSpan: { bytes: perChunk(({ bytes }) => bytes), gzipBytes: perChunk(({ gzipBytes }) => gzipBytes) },
  metrics: {
    seriesPerProcess: one.total - perCell(({ total }) => total),
    seriesPerCell: perCell(({ total }) => total),
    seriesPerErrorType: (failing.total - one.total) / BROKEN_NAMES.length,
    bytesPerProcess: one.bytes - perCell(({ bytes }) => bytes),
    bytesPerCell: perCell(({ bytes }) => bytes),
  },
})
writeSizingPage()
