import type { DatabaseSync } from 'node:sqlite'

import type { LogRecord } from '../otlp/records.ts'
import type { Retention } from './retention.ts'

import { textBytes } from './retention.ts'

const INSERT = `
INSERT INTO logs (time_nanos, severity_number, severity_text, event_name, body, attributes, trace_id, span_id, service,
  scope_name, scope_version, bytes, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Inserts a log record. Records have no id, so one that is sent twice is there twice. */
export function prepareLogs(database: DatabaseSync, logs: Retention): (log: LogRecord, receivedMs: number) => void {
  const insert = database.prepare(INSERT)
  return (log, receivedMs) => {
    const body = JSON.stringify(log.body)
    const attributes = JSON.stringify(log.attributes)
    const origin = textBytes(log.service, log.scopeName, log.scopeVersion)
    const bytes = origin + textBytes(log.severityText, log.eventName, body, attributes)
    insert.run(
      log.timeNanos,
      log.severityNumber,
      log.severityText,
      log.eventName,
      body,
      attributes,
      log.traceId,
      log.spanId,
      log.service,
      log.scopeName,
      log.scopeVersion,
      bytes,
      receivedMs,
    )
    logs.added(bytes)
  }
}
