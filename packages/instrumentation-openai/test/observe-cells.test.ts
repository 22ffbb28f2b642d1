import { describe, expect, it } from '@jest/globals'
import { createAllowListAttributesProcessor, MeterProvider, type ViewOptions } from '@opentelemetry/sdk-metrics'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import { Cells } from '../src/telemetry/cells.ts'
import { observeCells } from '../src/telemetry/observe-cells.ts'
import { AggregationTemporality, ManualReader, type Collected } from './manual-reader.ts'

const MODELS = 10

describe('what meters are told of cells', () => {
  it('is the same for a cumulative reader, however often others collect, and each part once for a delta reader', async () => {
    const { CUMULATIVE, DELTA } = AggregationTemporality
    const [often, seldom, delta] = [new ManualReader(CUMULATIVE), new ManualReader(CUMULATIVE), new ManualReader(DELTA)]
    const cells = startCells([often, seldom, delta])
    const deltas: number[] = []
    for (let round = 1; round <= 3; round++) {
      endStreams(cells)
      expect(total(await often.read(METRIC.ENDED))).toBe(round * MODELS)
      expect(total(await often.read(METRIC.ENDED))).toBe(round * MODELS)
      deltas.push(total(await delta.read(METRIC.ENDED)), total(await delta.read(METRIC.ENDED)))
    }
    expect(total(await seldom.read(METRIC.ENDED))).toBe(3 * MODELS)
    expect(deltas).toEqual([MODELS, 0, MODELS, 0, MODELS, 0])
  })

  it('has all series from the first collection on, at 0 where nothing was counted, and keeps them', async () => {
    const reader = new ManualReader(AggregationTemporality.CUMULATIVE)
    const cells = startCells([reader])
    for (let round = 0; round < 3; round++) {
      for (const [metric, seriesOfOne] of [
        [METRIC.ENDED, 5],
        [METRIC.PARSE_ERRORS, 5],
        [METRIC.CHUNKS, 4],
        [METRIC.IO, 1],
      ] as const) {
        const points = await reader.read(metric)
        expect([metric, points.length, total(points)]).toEqual([metric, MODELS * seriesOfOne, 0])
      }
    }
    endStreams(cells)
    const ended = await reader.read(METRIC.ENDED)
    expect(ended.filter(({ value }) => value === 1)).toHaveLength(MODELS)
    expect(ended.filter(({ value }) => value === 0)).toHaveLength(4 * MODELS)
  })

  it('is only what no meter before was told, with every series at 0 where that is nothing', async () => {
    const [first, second] = [AggregationTemporality.CUMULATIVE, AggregationTemporality.CUMULATIVE].map(
      (temporality) => new ManualReader(temporality),
    ) as [ManualReader, ManualReader]
    const cells = cellsOfModels()
    const stop = observeCells(new MeterProvider({ readers: [first] }).getMeter('test'), cells, () => [])
    endStreams(cells)
    expect(total(await first.read(METRIC.ENDED))).toBe(MODELS)
    endStreams(cells)
    stop()
    observeCells(new MeterProvider({ readers: [second] }).getMeter('test'), cells, () => [])
    expect(total(await second.read(METRIC.ENDED))).toBe(MODELS)
    expect(await second.read(METRIC.ENDED)).toHaveLength(5 * MODELS)
    expect(total(await first.read(METRIC.ENDED))).toBe(MODELS)
  })

  it('is which versions of the SDK are watched at the moment, also while there are no streams', async () => {
    const reader = new ManualReader(AggregationTemporality.CUMULATIVE)
    const versions = new Set<string>()
    observeCells(new MeterProvider({ readers: [reader] }).getMeter('test'), new Cells(), () => versions)
    expect(await reader.read(METRIC.WATCHED)).toEqual([])
    versions.add('7.57.0').add('4.104.0')
    const points = await reader.read(METRIC.WATCHED)
    expect(points.map(({ attributes, value }) => [attributes, value])).toEqual([
      [{ [ATTR.SDK_VERSION]: '7.57.0' }, 1],
      [{ [ATTR.SDK_VERSION]: '4.104.0' }, 1],
    ])
  })

  it('adds up where a view takes the model away, or where there are more series than a reader keeps', async () => {
    const view: ViewOptions = {
      instrumentName: 'streamgauge.stream.ended',
      attributesProcessors: [createAllowListAttributesProcessor([GEN_AI.PROVIDER_NAME])],
    }
    const viewed = new ManualReader(AggregationTemporality.CUMULATIVE)
    const ofViewed = startCells([viewed], [view])
    const limited = new ManualReader(AggregationTemporality.CUMULATIVE, 3 * MODELS)
    const ofLimited = startCells([limited])
    for (let round = 1; round <= 3; round++) {
      endStreams(ofViewed)
      endStreams(ofLimited)
      expect((await viewed.read(METRIC.ENDED)).map(({ value }) => value)).toEqual([round * MODELS])
      expect(total(await limited.read(METRIC.ENDED))).toBe(round * MODELS)
    }
  })
})

function cellsOfModels(): Cells {
  const cells = new Cells()
  for (let i = 0; i < MODELS; i++) cellOf(cells, i)
  return cells
}

function startCells(readers: readonly ManualReader[], views: readonly ViewOptions[] = []): Cells {
  const cells = cellsOfModels()
  observeCells(new MeterProvider({ readers: [...readers], views: [...views] }).getMeter('test'), cells, () => [])
  return cells
}

function cellOf(cells: Cells, model: number) {
  const request = { operation: 'chat', provider: 'openai', host: 'llm.example', model: `model-${model}` }
  return cells.of(request as Parameters<Cells['of']>[0])
}

/** One stream of each model ends. */
function endStreams(cells: Cells): void {
  for (let i = 0; i < MODELS; i++) cellOf(cells, i).ended.completed++
}

function total(points: readonly Collected[]): number {
  return points.reduce((sum, { value }) => sum + Number(value), 0)
}
