// Records as the store takes them; a test names only what it is about.
import type { Attributes, LogRecord, MetricPointRecord, SpanRecord, Store } from '../src/index.ts'

import { ATTR } from '@streamgauge/core/semconv'

const ORIGIN = { service: 'test', scopeName: 'scope', scopeVersion: '1' }

export function hexId(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}

export function span(id: number, overrides: Partial<SpanRecord> = {}): SpanRecord {
  return {
    ...ORIGIN,
    traceId: hexId(id, 32),
    spanId: hexId(id, 16),
    parentSpanId: null,
    name: 'span',
    kind: 'client',
    startNanos: BigInt(id) * 1_000_000n,
    endNanos: BigInt(id + 1) * 1_000_000n,
    statusCode: 'unset',
    statusMessage: '',
    attributes: {},
    events: [],
    ...overrides,
  }
}

export function streamSpan(id: number, attributes: Attributes = {}, overrides: Partial<SpanRecord> = {}): SpanRecord {
  return span(id, { name: 'chat gpt-x', attributes: { [ATTR.OUTCOME]: 'completed', ...attributes }, ...overrides })
}

export function sumPoint(name: string, value: number, overrides: Partial<MetricPointRecord> = {}): MetricPointRecord {
  return {
    ...ORIGIN,
    resource: { 'service.name': 'test' },
    name,
    unit: '{thing}',
    type: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    attributes: {},
    startNanos: 1n,
    timeNanos: 2n,
    value,
    distribution: null,
    ...overrides,
  }
}

export function log(time: number, overrides: Partial<LogRecord> = {}): LogRecord {
  return {
    ...ORIGIN,
    timeNanos: BigInt(time),
    severityNumber: 13,
    severityText: 'WARN',
    eventName: '',
    body: null,
    attributes: {},
    traceId: null,
    spanId: null,
    ...overrides,
  }
}

export function countRows(store: Store, table: 'spans' | 'logs' | 'metric_series' | 'metric_points'): number {
  return Number(store.select(`SELECT count(*) AS found FROM ${table}`)[0]?.['found'])
}
