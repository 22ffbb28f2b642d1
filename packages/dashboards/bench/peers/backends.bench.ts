// What does one stream cost behind the application: memory of a sampler that holds its trace, processor time of both tiers of
// Collectors, bytes in Tempo's blocks, and series in Prometheus?
//
// The real programs, with the configuration that is shipped, but for addresses. They are sent what the SDK sent for streams of
// telemetry-volume.bench.ts, over and over with new ids: what is held costs what it costs, but blocks and batches compress better
// than those of a real service would. Needs Linux, the programs that `pnpm build:programs` builds, and a Tempo 3, whose path is
// STREAMGAUGE_TEMPO.
//
// Memory is the growth of Go's heap from a third of the traces to all, with GOGC=10: up to a tenth of it is what was not yet
// collected. Processor time is that of both processes from the first span to the decision, a part of it Go's own.
import { BROKEN_NAMES, HEALTHY, runApp } from '../harness/run-app.ts'
import { countSeries } from '../harness/count-series.ts'
import { keepMeasured } from '../harness/measured.ts'
import { seriesByInstrument, spanNames } from '../harness/otlp-messages.ts'
import type { Export } from '../harness/receiver.ts'
import { replay } from '../harness/replay.ts'
import { describeMachine, tableOf, whole } from '../harness/report.ts'
import { writeSizingPage } from '../harness/sizing-page.ts'
import { readBlocks } from '../harness/tempo-blocks.ts'
import { until } from '../../test/stack/run/poll.ts'
import { readCounter } from '../../test/stack/run/read-counter.ts'
import { startTiers } from '../../test/stack/run/start-tiers.ts'
import { startTempo } from '../../test/stack/run/tempo.ts'

const MODEL = 'gpt-5-mini'
const LIMIT_MS = 120_000
const TEMPO = process.env['STREAMGAUGE_TEMPO'] ?? ''
if (TEMPO === '') throw new Error('STREAMGAUGE_TEMPO must be the path of a Tempo 3')
const STREAMS = 120
const HELD_ROUNDS = { healthy: 400, broken: 60 }
/** Below the 10,000 traces that Tempo takes at once, and the 20 MB. */
const BLOCK_ROUNDS = { healthy: 75, broken: 10 }
const ACCEPTED = 'otelcol_receiver_accepted_spans'
const HEAP = 'otelcol_process_runtime_heap_alloc_bytes'
const DECIDED = 'otelcol_processor_tail_sampling_global_count_traces_sampled'

type Kind = 'healthy' | 'broken'
/** The largest of the broken ones, as on the page. */
const ANSWERS: Readonly<Record<Kind, string>> = { healthy: HEALTHY, broken: BROKEN_NAMES.at(-1) ?? '' }
const KINDS: readonly Kind[] = ['healthy', 'broken']

const readStreams = (kind: Kind): Promise<readonly Export[]> =>
  runApp({ models: [MODEL], answers: [ANSWERS[kind]], atOnce: 4, count: STREAMS }, {})

interface Traces {
  readonly requests: readonly Uint8Array[]
  readonly spans: number
}

function tracesOf(exports: readonly Export[]): Traces {
  const requests = exports.filter(({ signal }) => signal === 'traces').map(({ body }) => body)
  return { requests, spans: requests.reduce((sum, request) => sum + spanNames(request).length, 0) }
}

/** Bytes of heap for each trace that a sampler holds. */
async function measureHeld(kind: Kind, { requests, spans }: Traces): Promise<number> {
  const env = { DECISION_WAIT: '3600s', DECISION_WAIT_AFTER_ROOT: '3600s', NUM_TRACES: '1000000', GOGC: '10' }
  const tiers = await startTiers(env)
  const rounds = HELD_ROUNDS[kind]
  const heapAfter = async (already: number, more: number): Promise<number> => {
    await replay(tiers.otlpUrl, requests, more)
    await untilTold(tiers.samplerMetricsUrl, ACCEPTED, spans * (already + more))
    const heap = await readCounter(tiers.samplerMetricsUrl, HEAP)
    if (heap === 0) throw new Error(`the sampler tells no ${HEAP}`)
    return heap
  }
  const third = Math.round(rounds / 3)
  const before = await heapAfter(0, third)
  const after = await heapAfter(third, rounds - third)
  await tiers.stop()
  return (after - before) / (STREAMS * (rounds - third))
}

/** Microseconds of processor time for each trace: in the gateway, and in the sampler until it has decided. */
async function measureCpu(kind: Kind, { requests }: Traces): Promise<{ gateway: number; sampler: number }> {
  const env = { DECISION_WAIT: '5s', DECISION_WAIT_AFTER_ROOT: '5s', NUM_TRACES: '1000000' }
  const tiers = await startTiers(env)
  const rounds = Math.round(HELD_ROUNDS[kind] / 2)
  const before = { gateway: tiers.gateway.cpuUs(), sampler: tiers.sampler.cpuUs() }
  await replay(tiers.otlpUrl, requests, rounds)
  const traces = STREAMS * rounds
  await untilTold(tiers.samplerMetricsUrl, DECIDED, traces)
  const used = { gateway: tiers.gateway.cpuUs() - before.gateway, sampler: tiers.sampler.cpuUs() - before.sampler }
  await tiers.stop()
  return { gateway: used.gateway / traces, sampler: used.sampler / traces }
}

async function measureBlocks(kind: Kind, { requests }: Traces): Promise<number> {
  const tempo = await startTempo(TEMPO)
  await replay(`http://${tempo.otlpHttp}`, requests, BLOCK_ROUNDS[kind])
  const traces = STREAMS * BLOCK_ROUNDS[kind]
  const { bytes } = await until('all traces in blocks', LIMIT_MS, async () => {
    const blocks = readBlocks(tempo.blocks)
    return blocks.traces >= traces ? blocks : undefined
  })
  await tempo.stop()
  return bytes / traces
}

/** Waits until a program tells at least so much. */
async function untilTold(url: string, name: string, least: number): Promise<void> {
  await until(name, LIMIT_MS, async () => ((await readCounter(url, name)) >= least ? true : undefined))
}

const measured = {
  healthy: { held: 0, gateway: 0, sampler: 0, block: 0 },
  broken: { held: 0, gateway: 0, sampler: 0, block: 0 },
}
let metrics: Uint8Array | undefined
for (const kind of KINDS) {
  const exports = await readStreams(kind)
  metrics ??= exports.find(({ signal }) => signal === 'metrics')?.body
  const traces = tracesOf(exports)
  const block = await measureBlocks(kind, traces)
  const held = await measureHeld(kind, traces)
  measured[kind] = { held, ...(await measureCpu(kind, traces)), block }
}
if (metrics === undefined) throw new Error('no metrics were sent')
const counted = [...seriesByInstrument(metrics).values()].reduce((sum, one) => sum + one, 0)
const inPrometheus = await countSeries(metrics)

const rows = KINDS.map((kind) => {
  const { held, gateway, sampler, block } = measured[kind]
  return [kind, whole(held), gateway.toFixed(1), sampler.toFixed(1), whole(block)]
})
console.log(
  tableOf(['stream', "bytes of a sampler's heap", 'gateway, µs', 'sampler, µs', "bytes in Tempo's blocks"], rows),
)
console.log(`\nOf an export with ${counted} series, Prometheus made ${inPrometheus}: with target_info.`)
console.log(`\nOf each stream, with chunkSpans on_fault; ${describeMachine()}.`)
if (inPrometheus !== counted + 1) throw new Error(`Prometheus made ${inPrometheus} series of ${counted}`)

keepMeasured('backends', {
  heldBytes: { healthy: measured.healthy.held, broken: measured.broken.held },
  cpuUs: {
    gateway: { healthy: measured.healthy.gateway, broken: measured.broken.gateway },
    sampler: { healthy: measured.healthy.sampler, broken: measured.broken.sampler },
  },
  blockBytes: { healthy: measured.healthy.block, broken: measured.broken.block },
})
writeSizingPage()
