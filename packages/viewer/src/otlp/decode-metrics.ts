import type { AttributeValue } from './any-value.ts'
import type { Decoded, Scope, Tally } from './decode-scopes.ts'
import type { JsonObject } from './fields.ts'
import type { MetricPointRecord, MetricType, Temporality } from './records.ts'

import { readAttributes } from './any-value.ts'
import { decodeScopes } from './decode-scopes.ts'
import {
  asDouble,
  asInt64,
  asObject,
  readEnum,
  readFlag,
  readList,
  readNanos,
  readObject,
  readText,
  UnusableRecord,
} from './fields.ts'

const LEVELS = { resources: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' } as const

const TEMPORALITIES: readonly Temporality[] = ['unspecified', 'delta', 'cumulative']
const TEMPORALITY_NAMES: readonly string[] = TEMPORALITIES.map(
  (name) => `AGGREGATION_TEMPORALITY_${name.toUpperCase()}`,
)

/** Of a metric's data at most one member is set. */
const DATA: readonly (readonly [string, MetricType])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram'],
  ['summary', 'summary'],
]

/** Bit of the flags: "This DataPoint is valid but has no recorded value", as when a process has stopped. */
const NO_RECORDED_VALUE = 1

/** Reads an ExportMetricsServiceRequest. */
export function decodeMetrics(body: unknown): Decoded<MetricPointRecord> {
  return decodeScopes<MetricPointRecord>(body, LEVELS, decodeMetric)
}

function decodeMetric(metric: JsonObject, scope: Scope, where: string, tally: Tally<MetricPointRecord>): void {
  const [member, type] = DATA.find(([name]) => metric[name] !== undefined && metric[name] !== null) ?? []
  if (member === undefined || type === undefined) return
  const data = readObject(metric, member, where)
  const path = `${where}.${member}`
  const common = {
    ...scope,
    name: readText(metric, 'name', where),
    unit: readText(metric, 'unit', where),
    type,
    temporality: TEMPORALITIES[readEnum(data, 'aggregationTemporality', TEMPORALITY_NAMES, path)] ?? 'unspecified',
    monotonic: readFlag(data, 'isMonotonic', path),
  }
  for (const [index, input] of readList(data, 'dataPoints', path).entries()) {
    const pointPath = `${path}.dataPoints[${index}]`
    tally.keep(() => decodePoint(asObject(input, pointPath), common, pointPath))
  }
}

type Common = Omit<MetricPointRecord, 'attributes' | 'startNanos' | 'timeNanos' | 'value' | 'distribution'>

function decodePoint(point: JsonObject, common: Common, where: string): MetricPointRecord | undefined {
  if (common.name === '') throw new UnusableRecord(`${where} belongs to a metric without a name.`)
  const flags = readEnum(point, 'flags', [], where)
  if (flags % 2 === NO_RECORDED_VALUE) return undefined
  const isNumber = common.type === 'gauge' || common.type === 'sum'
  return {
    ...common,
    attributes: readAttributes(point, 'attributes', where),
    startNanos: readNanos(point, 'startTimeUnixNano', where),
    timeNanos: readNanos(point, 'timeUnixNano', where),
    value: isNumber ? readNumber(point, where) : readSum(point, common.type, where),
    distribution: isNumber ? null : readDistribution(point, common.type, where),
  }
}

function readNumber(point: JsonObject, where: string): number {
  const integer = point['asInt']
  if (integer !== undefined && integer !== null) return Number(asInt64(integer, `${where}.asInt`))
  const double = readOptionalDouble(point, 'asDouble', where)
  if (double === null) throw new UnusableRecord(`${where} has no value.`)
  return double
}

function readOptionalDouble(point: JsonObject, key: string, where: string): number | null {
  const value = point[key]
  return value === undefined || value === null ? null : asDouble(value, `${where}.${key}`)
}

/** A histogram need not have a sum; a summary that doesn't send it has the sum 0. */
function readSum(point: JsonObject, type: MetricType, where: string): number | null {
  return readOptionalDouble(point, 'sum', where) ?? (type === 'summary' ? 0 : null)
}

/** What is 0 where it isn't sent: protobuf never sends the 0, some senders of JSON do. */
const COUNTS: Readonly<Record<MetricType, readonly string[]>> = {
  gauge: [],
  sum: [],
  histogram: ['count'],
  exponential_histogram: ['count', 'scale', 'zeroCount', 'zeroThreshold'],
  summary: ['count'],
}

/** Counts, bounds and buckets of every kind of distribution; a member that the kind lacks stays out. */
function readDistribution(
  point: JsonObject,
  type: MetricType,
  where: string,
): Readonly<Record<string, AttributeValue>> {
  const entries: [string, AttributeValue][] = []
  for (const key of ['count', 'min', 'max', 'scale', 'zeroCount', 'zeroThreshold']) {
    const number = readOptionalDouble(point, key, where) ?? (COUNTS[type].includes(key) ? 0 : null)
    if (number !== null) entries.push([key, number])
  }
  for (const key of ['bucketCounts', 'explicitBounds']) {
    const numbers = readNumbers(point, key, where)
    if (numbers.length > 0) entries.push([key, numbers])
  }
  for (const key of ['positive', 'negative']) {
    if (point[key] !== undefined && point[key] !== null) {
      const buckets = readObject(point, key, where)
      const path = `${where}.${key}`
      const bucketCounts = readNumbers(buckets, 'bucketCounts', path)
      entries.push([key, { offset: readOptionalDouble(buckets, 'offset', path) ?? 0, bucketCounts }])
    }
  }
  const quantiles = readList(point, 'quantileValues', where).map((input, index) => {
    const path = `${where}.quantileValues[${index}]`
    const item = asObject(input, path)
    return {
      quantile: readOptionalDouble(item, 'quantile', path) ?? 0,
      value: readOptionalDouble(item, 'value', path) ?? 0,
    }
  })
  if (quantiles.length > 0) entries.push(['quantileValues', quantiles])
  return Object.fromEntries(entries)
}

function readNumbers(parent: JsonObject, key: string, where: string): readonly number[] {
  return readList(parent, key, where).map((value, index) => asDouble(value, `${where}.${key}[${index}]`))
}
