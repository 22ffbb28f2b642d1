import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api'
import type { Usage } from '@streamgauge/core'
import { GEN_AI, GEN_AI_METRIC, METRIC } from '@streamgauge/core/semconv'
import type { SemconvMode } from '../options.ts'

/** Bucket borders of the conventions: seconds, and tokens. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]

/** What is recorded once for each request, in the names that the options ask for. Durations come in milliseconds. */
export class Histograms {
  readonly #duration: readonly Histogram[]
  readonly #timeToFirstChunk: readonly Histogram[]
  readonly #timePerOutputChunk: readonly Histogram[]
  readonly #maxGap: Histogram
  readonly #inputTokens: Histogram | undefined
  readonly #outputTokens: Histogram | undefined
  readonly #tokenUsage: Histogram | undefined
  readonly #usage: readonly (readonly [counter: Counter, tokens: keyof Usage])[]

  constructor(meter: Meter, semconv: SemconvMode) {
    const latest = semconv !== 'v1.41'
    const old = semconv !== 'latest'
    const seconds = (description: string, newName: string, oldName: string): Histogram[] =>
      [latest ? newName : '', old ? oldName : '']
        .filter((name) => name !== '')
        .map((name) => time(meter, name, description))
    const N = GEN_AI_METRIC
    this.#duration = seconds('Duration of a request, its stream included', N.DURATION, N.V1_41_DURATION)
    this.#timeToFirstChunk = seconds(
      'Time from the request to the first chunk of output',
      N.TIME_TO_FIRST_CHUNK,
      N.V1_41_TIME_TO_FIRST_CHUNK,
    )
    this.#timePerOutputChunk = seconds(
      'Time between one chunk of output and the next',
      N.TIME_PER_OUTPUT_CHUNK,
      N.V1_41_TIME_PER_OUTPUT_CHUNK,
    )
    this.#maxGap = time(meter, METRIC.MAX_GAP, 'Longest wait for bytes within a stream')
    this.#inputTokens = latest ? tokens(meter, N.INPUT_TOKENS, 'Input tokens of a request') : undefined
    this.#outputTokens = latest ? tokens(meter, N.OUTPUT_TOKENS, 'Output tokens of a request') : undefined
    this.#tokenUsage = old ? tokens(meter, N.V1_41_TOKEN_USAGE, 'Input and output tokens of a request') : undefined
    this.#usage = latest ? usageCounters(meter) : []
  }

  /** A stream has ended, or a request that does not stream was answered. */
  recordRequest(attributes: Attributes, durationMs: number, errorType: string | undefined): void {
    const all = errorType === undefined ? attributes : { ...attributes, [GEN_AI.ERROR_TYPE]: errorType }
    for (const histogram of this.#duration) histogram.record(durationMs / 1000, all)
  }

  recordStream(attributes: Attributes, timeToFirstChunkMs: number | undefined, maxGapMs: number | undefined): void {
    if (maxGapMs !== undefined) this.#maxGap.record(maxGapMs / 1000, attributes)
    if (timeToFirstChunkMs === undefined) return
    for (const histogram of this.#timeToFirstChunk) histogram.record(timeToFirstChunkMs / 1000, attributes)
  }

  recordOutputChunk(attributes: Attributes, gapMs: number): void {
    for (const histogram of this.#timePerOutputChunk) histogram.record(gapMs / 1000, attributes)
  }

  /** Tokens are counted whenever the provider told them; their distribution is that of answers that did not fail. */
  recordUsage(attributes: Attributes, usage: Usage, failed: boolean): void {
    // The providers count all modalities together.
    const modality = { ...attributes, [GEN_AI.TOKEN_MODALITY]: 'unknown' }
    for (const [counter, name] of this.#usage) {
      const count = usage[name]
      if (count !== undefined) counter.add(count, modality)
    }
    if (failed) return
    const { inputTokens, outputTokens } = usage
    if (inputTokens !== undefined) {
      this.#inputTokens?.record(inputTokens, attributes)
      this.#tokenUsage?.record(inputTokens, { ...attributes, [GEN_AI.TOKEN_TYPE]: 'input' })
    }
    if (outputTokens !== undefined) {
      this.#outputTokens?.record(outputTokens, attributes)
      this.#tokenUsage?.record(outputTokens, { ...attributes, [GEN_AI.TOKEN_TYPE]: 'output' })
    }
  }
}

function time(meter: Meter, name: string, description: string): Histogram {
  return meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: SECONDS } })
}

function tokens(meter: Meter, name: string, description: string): Histogram {
  return meter.createHistogram(name, { unit: '{token}', description, advice: { explicitBucketBoundaries: TOKENS } })
}

function usageCounters(meter: Meter): (readonly [Counter, keyof Usage])[] {
  const counter = (name: string, description: string): Counter =>
    meter.createCounter(name, { unit: '{token}', description })
  return [
    [counter(GEN_AI_METRIC.USAGE_INPUT_TOKENS, 'Input tokens'), 'inputTokens'],
    [counter(GEN_AI_METRIC.USAGE_OUTPUT_TOKENS, 'Output tokens'), 'outputTokens'],
    [counter(GEN_AI_METRIC.USAGE_CACHE_READ_INPUT_TOKENS, 'Input tokens read from a cache'), 'cacheReadInputTokens'],
    [counter(GEN_AI_METRIC.USAGE_REASONING_OUTPUT_TOKENS, 'Output tokens of reasoning'), 'reasoningOutputTokens'],
  ]
}
