import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR } from '@streamgauge/core/semconv'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { isBuilt } from './programs/programs.ts'
import { until } from './run/poll.ts'
import { query } from './run/prometheus.ts'
import { readCounter } from './run/read-counter.ts'
import { runApp, type PlannedStreams, type RunningApp } from './run/run-app.ts'
import { newTraceId, sendSpan } from './run/send-span.ts'
import { startTiers, type Tiers } from './run/start-tiers.ts'
import { TELLS_FAST } from './scenario.ts'

const withTiers = isBuilt('collector') && isBuilt('prometheus') ? describe : describe.skip
const LIMIT_MS = 120_000

/** As shipped but for the waits, which are longer than the longest stream by far. */
const DECISION_WAIT_S = 6
const SHORT_WAITS = { DECISION_WAIT: `${DECISION_WAIT_S}s`, DECISION_WAIT_AFTER_ROOT: '2s' }

/** Traces that were judged, and spans that came after their trace was. */
const JUDGED = 'otelcol_processor_tail_sampling_global_count_traces_sampled'
const LATE = 'otelcol_processor_tail_sampling_early_releases_from_cache_decision'

const ROUTE = { model: 'gpt-5-mini', host: '127.0.0.1' }
const HEALTHY = 80
const PLAN: readonly PlannedStreams[] = [
  { ...ROUTE, count: HEALTHY },
  { ...ROUTE, fault: 'cut_inside_event', count: 7 },
  { ...ROUTE, fault: 'no_done', count: 5 },
  { ...ROUTE, fault: 'http_429', count: 3 },
  { ...ROUTE, fault: 'buffered', count: 4 },
  { ...ROUTE, fault: 'stall_then_continue', count: 2 },
]
const ALL = PLAN.reduce((sum, { count }) => sum + count, 0)

withTiers('two tiers that sample', () => {
  describe('with nothing kept of what is healthy', () => {
    let server: FaultServer
    let tiers: Tiers
    let app: RunningApp
    beforeAll(async () => {
      server = await startFaultServer()
      tiers = await startTiers({ ...SHORT_WAITS, HEALTHY_PERCENT: '0' })
      app = await runApp(PLAN, {
        ...TELLS_FAST,
        OTEL_EXPORTER_OTLP_ENDPOINT: tiers.otlpUrl,
        FAULT_SERVER_PORT: new URL(server.baseURL).port,
      })
    }, LIMIT_MS)
    afterAll(async () => {
      await app?.stop()
      await tiers?.stop()
      await server?.close()
    }, LIMIT_MS)

    it(
      'every broken, stalled and buffered stream is kept, and no other',
      async () => {
        const kept = () => tiers.traces.spans.filter(({ name }) => name.startsWith('chat '))
        const expected = ALL - HEALTHY
        await untilJudged(tiers, ALL)
        expect(await readCounter(tiers.samplerMetricsUrl, JUDGED, 'sampled="true"')).toBe(expected)
        await until('what is kept', 30_000, () => Promise.resolve(kept().length >= expected ? true : undefined))
        const seen = kept().map(
          ({ attributes }) => `${String(attributes[ATTR.OUTCOME])} ${JSON.stringify(attributes[ATTR.ANOMALIES] ?? '')}`,
        )
        expect(seen.filter((one) => one.startsWith('broken'))).toHaveLength(15)
        expect(seen.filter((one) => /completed.*buffered/.test(one))).toHaveLength(4)
        expect(seen.filter((one) => /completed.*stalled/.test(one))).toHaveLength(2)
        expect(seen).toHaveLength(expected)
      },
      LIMIT_MS,
    )

    it('metrics are taken before: Prometheus has every stream', async () => {
      const [all] = await query(tiers.prometheusUrl, 'sum(streamgauge_stream_ended_total)')
      expect(all?.value).toBe(ALL)
    })

    it(
      'a stream that breaks long after the first span of its trace is kept, and that span with it',
      async () => {
        const traceId = newTraceId()
        await sendSpan(tiers.otlpUrl, { traceId, name: 'a tool, early' })
        await wait((DECISION_WAIT_S - 3) * 1000)
        await sendSpan(tiers.otlpUrl, { traceId, name: 'chat late', outcome: 'broken' })
        const ofTrace = () => tiers.traces.spans.filter((span) => span.traceId === traceId).map(({ name }) => name)
        await until('the trace', 30_000, () => Promise.resolve(ofTrace().length === 2 ? true : undefined))
        expect(ofTrace().toSorted()).toEqual(['a tool, early', 'chat late'])
      },
      LIMIT_MS,
    )

    it(
      'one that breaks after the decision is lost, which is why decision_wait is longer than any stream',
      async () => {
        const traceId = newTraceId()
        const judged = await readCounter(tiers.samplerMetricsUrl, JUDGED)
        await sendSpan(tiers.otlpUrl, { traceId, name: 'a tool, early' })
        await untilJudged(tiers, judged + 1)
        await sendSpan(tiers.otlpUrl, { traceId, name: 'chat late', outcome: 'broken' })
        await until('its end', 30_000, async () => {
          const dropped = await readCounter(tiers.samplerMetricsUrl, LATE, 'sampled="false"')
          return dropped === 1 ? true : undefined
        })
        expect(tiers.traces.spans.filter((span) => span.traceId === traceId)).toEqual([])
      },
      LIMIT_MS,
    )

    it('says of itself what the dashboard asks for', async () => {
      const own = await (await fetch(tiers.samplerMetricsUrl)).text()
      expect(own).toMatch(/^otelcol_processor_tail_sampling_sampling_trace_dropped_too_early 0$/m)
      expect(own).toMatch(/^otelcol_processor_tail_sampling_sampling_traces_on_memory \d+$/m)
    })
  })

  it(
    'as it is shipped, a twentieth of the healthy traces is kept',
    async () => {
      const tiers = await startTiers(SHORT_WAITS)
      try {
        const sent = 600
        for (let i = 0; i < sent; i++) {
          await sendSpan(tiers.otlpUrl, { traceId: newTraceId(), name: 'chat x', outcome: 'completed', isRoot: true })
        }
        await untilJudged(tiers, sent)
        const kept = await readCounter(tiers.samplerMetricsUrl, JUDGED, 'sampled="true"')
        await until('what is kept', 30_000, () => Promise.resolve(tiers.traces.spans.length >= kept ? true : undefined))
        // 30 of 600 are expected; less than 5 or more than 80 come less than once in a hundred million runs.
        expect(tiers.traces.spans.length).toBeGreaterThan(5)
        expect(tiers.traces.spans.length).toBeLessThan(80)
      } finally {
        await tiers.stop()
      }
    },
    LIMIT_MS,
  )
})

function untilJudged(tiers: Tiers, traces: number): Promise<true> {
  return until(`${traces} traces to be judged`, 60_000, async () => {
    const judged = await readCounter(tiers.samplerMetricsUrl, JUDGED)
    return judged === traces ? true : undefined
  })
}
