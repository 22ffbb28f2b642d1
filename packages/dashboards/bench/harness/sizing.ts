import type { ByKind, Measured } from './measured.ts'

/** What a reader knows of an own service. Shares are from 0 to 1, durations in seconds. */
export interface Load {
  readonly streamsPerSecond: number
  readonly brokenShare: number
  readonly streamSeconds: number
  readonly processes: number
  /** Sets of operation, provider, model and host in one process. */
  readonly cells: number
  /** Types of error that a cell has seen. */
  readonly errorTypes: number
  readonly decisionWaitSeconds: number
  /** From the root span on; what a batch waits in the application comes on top. */
  readonly afterRootSeconds: number
  readonly healthyKeptShare: number
  readonly exportSeconds: number
}

/** A number that others found, and where. */
export interface Rule {
  readonly value: number
  readonly what: string
  readonly source: string
}

const TEMPO = 'https://grafana.com/docs/tempo/latest/set-up-for-tracing/setup-tempo/plan'
const TEMPO_SIZE = `${TEMPO}/size/`
const MIMIR_SIZE = 'https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/'
const SHIPPED = 'collector/sampler.yaml'

export const RULES = {
  batchSeconds: {
    value: 5,
    what: 'seconds that a span waits in the application',
    source: 'OTEL_BSP_SCHEDULE_DELAY, as long as nobody sets it',
  },
  spansPerCore: {
    value: 15_000,
    what: 'spans a second of one core of a Collector, with 2 GB',
    source: 'https://help.splunk.com, "Sizing and scaling" of its Collector',
  },
  burstSpans: {
    value: 1024,
    what: 'chunk spans that a process makes of broken streams in a second',
    source: 'chunk-span-burst.ts of the instrumentation',
  },
  busyShare: { value: 0.6, what: 'share of a core that is to be busy', source: 'scale/collector-gateway.values.yaml' },
  usableMemory: {
    value: 0.55,
    what: 'share of the memory limit below which nothing is refused',
    source: `memory_limiter in ${SHIPPED}: 80% less 25%`,
  },
  samplerBytes: {
    value: 4 * 2 ** 30,
    what: 'bytes of memory of one sampler',
    source: 'scale/collector-sampler.values.yaml',
  },
  monolithBytes: {
    value: 25e6,
    what: 'bytes a second that one process of Tempo takes',
    source: `${TEMPO}/deployment-modes/: 25 to 35 MB, 55,000 to 80,000 spans`,
  },
  distributorBytes: {
    value: 10e6,
    what: 'bytes a second of one distributor, with 2 cores and 2 GB',
    source: TEMPO_SIZE,
  },
  liveStoreBytes: {
    value: 6e6,
    what: 'bytes a second of one live-store, with 1 core and 4 to 20 GB; a block-builder beside each',
    source: `${TEMPO_SIZE}: 6 to 10 MB`,
  },
  idleSeconds: {
    value: 5,
    what: 'seconds that a trace is live in a live-store after its last span',
    source: 'live_store.max_trace_idle of Tempo 3.0.3',
  },
  samplesPerCore: { value: 25_000, what: 'samples a second of one core and 1 GB of distributors', source: MIMIR_SIZE },
  seriesPerCore: { value: 300_000, what: 'series in memory of one core and 2.5 GB of ingesters', source: MIMIR_SIZE },
  ingesterCopies: { value: 3, what: 'copies of a series in memory', source: 'mimir-distributed 6: three zones' },
} as const satisfies Readonly<Record<string, Rule>>

/** One figure, with the formula that it comes from. */
export interface Figure {
  readonly what: string
  readonly formula: string
  readonly value: number
  readonly unit: 'count' | 'bytes'
}

const figure = (what: string, formula: string, value: number, unit: Figure['unit'] = 'count'): Figure => ({
  what,
  formula,
  value,
  unit,
})
const value = (rule: keyof typeof RULES): number => RULES[rule].value
const SECONDS_A_DAY = 86_400

/** All figures of a load. */
export function computeSize(load: Load, { volume, backends }: Measured): readonly Figure[] {
  const { streamsPerSecond: streams, brokenShare, healthyKeptShare: keptShare, processes, exportSeconds } = load
  const mean = ({ healthy, broken }: ByKind): number => (1 - brokenShare) * healthy + brokenShare * broken
  const kept = ({ healthy, broken }: ByKind): number => (1 - brokenShare) * keptShare * healthy + brokenShare * broken
  const both = (of: keyof Measured['volume']['healthy']): ByKind => ({
    healthy: volume.healthy[of],
    broken: volume.broken[of],
  })

  const open = streams * load.streamSeconds
  const spans = streams * mean(both('spans'))
  const bytes = streams * mean(both('bytes'))
  const openOfProcess = Math.ceil(open / processes)
  // Those of a moment in which all of them break: no stream has more than its own.
  const burst = Math.min(value('burstSpans'), openOfProcess * (volume.broken.spans - 1))
  const queue = openOfProcess + burst
  const coresOf = (cpuUs: ByKind): number =>
    Math.max(spans / value('spansPerCore'), (streams * mean(cpuUs)) / 1e6 / value('busyShare'))
  const held = streams * (value('batchSeconds') + load.afterRootSeconds)
  const heldBytes = (held * mean(backends.heldBytes)) / value('usableMemory')
  const heldWorst = streams * load.decisionWaitSeconds
  const heldWorstBytes = (heldWorst * mean(backends.heldBytes)) / value('usableMemory')
  const { healthy: streamHeld, broken: brokenHeld } = backends.heldBytes
  const chunkHeld = (brokenHeld - streamHeld) / (volume.broken.spans - 1)
  const outage = (open * streamHeld + processes * burst * chunkHeld) / value('usableMemory')
  const gateways = Math.max(2, Math.ceil(coresOf(backends.cpuUs.gateway)))
  const samplers = Math.max(
    2,
    Math.ceil(coresOf(backends.cpuUs.sampler)),
    Math.ceil((heldBytes + outage) / value('samplerBytes')),
  )
  const keptTraces = streams * kept({ healthy: 1, broken: 1 })
  const keptBytes = streams * kept(both('bytes'))
  const distributors = Math.max(2, Math.ceil(keptBytes / value('distributorBytes')))
  const liveStores = Math.max(3, Math.ceil(keptBytes / value('liveStoreBytes')))
  const { metrics } = volume
  const cellSeries = metrics.seriesPerCell + load.errorTypes * metrics.seriesPerErrorType
  const series = processes * (metrics.seriesPerProcess + 1 + load.cells * cellSeries)
  const metricBytes = (processes * (metrics.bytesPerProcess + load.cells * metrics.bytesPerCell)) / exportSeconds

  return [
    figure('open streams', 'streams/s x seconds a stream', open),
    figure('spans/s', 'streams/s x spans of a stream', spans),
    figure('bytes/s of traces', 'streams/s x bytes of a stream', bytes, 'bytes'),
    figure(
      'of these on the wire, with gzip',
      'streams/s x bytes of a stream with gzip',
      streams * mean(both('gzipBytes')),
      'bytes',
    ),
    figure('`OTEL_BSP_MAX_QUEUE_SIZE` of a process', 'open streams of a process + 1,024 chunk spans', queue),
    figure('gateways', 'cores of gateways, at least 2', gateways),
    figure('traces held, as a rule', 'streams/s x (seconds after the root + seconds in a batch)', held),
    figure('traces held, at worst', 'streams/s x decision_wait', heldWorst),
    figure('memory of all samplers, as a rule', 'traces held x bytes of a held one / usable share', heldBytes, 'bytes'),
    figure('memory of all samplers, at worst', 'the same, with the traces held at worst', heldWorstBytes, 'bytes'),
    figure(
      'more, where all open streams break at once',
      '(open streams x bytes of a held one + processes x 1,024 chunk spans) / usable share',
      outage,
      'bytes',
    ),
    figure('samplers', 'the larger of cores and of memory as a rule, with what is more / 4 GiB; at least 2', samplers),
    figure('`NUM_TRACES` of a sampler', 'traces held at worst / samplers', Math.ceil(heldWorst / samplers)),
    figure('`NEW_TRACES_PER_SECOND` of a sampler', 'streams/s / samplers', Math.ceil(streams / samplers)),
    figure('traces/s that are kept', 'streams/s x (healthy ones x kept share + broken ones)', keptTraces),
    figure('bytes/s into Tempo', 'of these, bytes of a stream', keptBytes, 'bytes'),
    figure(
      'processes of Tempo that are enough',
      '1 up to 25 MB/s; 0: in parts',
      keptBytes <= value('monolithBytes') ? 1 : 0,
    ),
    figure('in parts: distributors', 'bytes/s into Tempo / 10 MB, at least 2', distributors),
    figure('in parts: partitions, live-stores, block-builders', 'bytes/s into Tempo / 6 MB, at least 3', liveStores),
    figure(
      'live traces of a live-store',
      'traces/s kept x 5 s / live-stores',
      (keptTraces * value('idleSeconds')) / liveStores,
    ),
    figure('the same, where all open streams break at once', 'open streams / live-stores', open / liveStores),
    figure(
      "Tempo's blocks a day",
      'streams/s kept x bytes in a block x 86,400',
      streams * kept(backends.blockBytes) * SECONDS_A_DAY,
      'bytes',
    ),
    figure('series', 'processes x (series of a process + target_info + cells x series of a cell)', series),
    figure('samples/s', 'series / seconds between exports', series / exportSeconds),
    figure('bytes/s of metrics', 'processes x bytes of an export / seconds between exports', metricBytes, 'bytes'),
    figure('Mimir: cores of distributors', 'samples/s / 25,000', series / exportSeconds / value('samplesPerCore')),
    figure(
      'Mimir: cores of ingesters, each with 2.5 GB',
      'series x 3 copies / 300,000',
      (series * value('ingesterCopies')) / value('seriesPerCore'),
    ),
  ]
}
