import type { DatabaseSync } from 'node:sqlite'

import { hash } from 'node:crypto'

import type { Attributes } from '../otlp/any-value.ts'
import type { MetricPointRecord } from '../otlp/records.ts'
import type { Retention } from './retention.ts'

import { textBytes } from './retention.ts'

const FIND_SERIES = 'SELECT id, time_nanos <= ? AS is_newest FROM metric_series WHERE identity = ?'

const INSERT_SERIES = `
INSERT INTO metric_series (identity, name, unit, type, temporality, monotonic, attributes, service, scope_name,
  start_nanos, time_nanos, total, bytes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** A point that comes again is not inserted again, else delta values would count twice. */
const INSERT_POINT = `
INSERT INTO metric_points (series_id, start_nanos, time_nanos, value, distribution, bytes, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`

const ADD_DELTA = 'UPDATE metric_series SET total = total + ?, time_nanos = max(time_nanos, ?) WHERE id = ?'
const SET_NEWEST = 'UPDATE metric_series SET total = ?, time_nanos = ? WHERE id = ?'

/** Inserts a data point and brings its series up to date. */
export function prepareMetrics(
  database: DatabaseSync,
  series: Retention,
  points: Retention,
): (point: MetricPointRecord, receivedMs: number) => void {
  const findSeries = database.prepare(FIND_SERIES)
  const insertSeries = database.prepare(INSERT_SERIES)
  const insertPoint = database.prepare(INSERT_POINT)
  const addDelta = database.prepare(ADD_DELTA)
  const setNewest = database.prepare(SET_NEWEST)

  function createSeries(point: MetricPointRecord, identity: string): number | bigint {
    const attributes = JSON.stringify(point.attributes)
    const bytes = textBytes(point.name, point.unit, point.service, point.scopeName, attributes)
    const { lastInsertRowid } = insertSeries.run(
      identity,
      point.name,
      point.unit,
      point.type,
      point.temporality,
      point.monotonic ? 1 : 0,
      attributes,
      point.service,
      point.scopeName,
      point.startNanos,
      point.timeNanos,
      point.temporality === 'delta' ? 0 : point.value,
      bytes,
    )
    series.added(bytes)
    return lastInsertRowid
  }

  return (point, receivedMs) => {
    const identity = seriesIdentity(point)
    const found = findSeries.get(point.timeNanos, identity)
    const id = found === undefined ? createSeries(point, identity) : Number(found['id'])
    const distribution = point.distribution === null ? null : JSON.stringify(point.distribution)
    const bytes = textBytes(distribution)
    const { startNanos, timeNanos, value } = point
    const { changes } = insertPoint.run(id, startNanos, timeNanos, value, distribution, bytes, receivedMs)
    if (changes === 0) return
    points.added(bytes)
    if (point.temporality === 'delta') addDelta.run(Number.isFinite(point.value) ? point.value : 0, point.timeNanos, id)
    else if (found === undefined || found['is_newest'] === 1) {
      setNewest.run(point.value, point.timeNanos, id)
    }
  }
}

/**
 * What tells one series from another.
 *
 * The start time of cumulative points belongs to it: a process that starts over begins at 0 with a new start time, and
 * what the old one had counted still happened. A total over all series is thus the sum over every life of every process.
 */
function seriesIdentity(point: MetricPointRecord): string {
  const parts = [
    sorted(point.resource),
    point.scopeName,
    point.scopeVersion,
    point.name,
    point.unit,
    point.type,
    point.temporality,
    point.monotonic,
    sorted(point.attributes),
    point.temporality === 'cumulative' ? String(point.startNanos) : '',
  ]
  return hash('sha256', JSON.stringify(parts), 'hex')
}

function sorted(attributes: Attributes): readonly (readonly [string, unknown])[] {
  return Object.entries(attributes).toSorted(([left], [right]) => (left < right ? -1 : 1))
}
