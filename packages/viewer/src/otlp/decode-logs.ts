import type { Decoded, Scope } from './decode-scopes.ts'
import type { JsonObject } from './fields.ts'
import type { LogRecord } from './records.ts'

import { anyValue, readAttributes } from './any-value.ts'
import { decodeScopes } from './decode-scopes.ts'
import { readEnum, readId, readNanos, readText } from './fields.ts'

const LEVELS = { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' } as const

/** SEVERITY_NUMBER_UNSPECIFIED, then TRACE, TRACE2, TRACE3, TRACE4, DEBUG and so on up to FATAL4, which is 24. */
const SEVERITY_NAMES: readonly string[] = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${name}${step}`),
  ),
]
const MAX_SEVERITY = 24

/** Reads an ExportLogsServiceRequest. */
export function decodeLogs(body: unknown): Decoded<LogRecord> {
  return decodeScopes<LogRecord>(body, LEVELS, (record, scope, where, tally) => {
    tally.keep(() => decodeLog(record, scope, where))
  })
}

function decodeLog(record: JsonObject, scope: Scope, where: string): LogRecord {
  const severity = readEnum(record, 'severityNumber', SEVERITY_NAMES, where)
  const time = readNanos(record, 'timeUnixNano', where)
  return {
    timeNanos: time === 0n ? readNanos(record, 'observedTimeUnixNano', where) : time,
    severityNumber: severity >= 0 && severity <= MAX_SEVERITY ? severity : 0,
    severityText: readText(record, 'severityText', where),
    eventName: readText(record, 'eventName', where),
    body: anyValue(record['body'], `${where}.body`),
    attributes: readAttributes(record, 'attributes', where),
    traceId: readId(record, 'traceId', 32, where) || null,
    spanId: readId(record, 'spanId', 16, where) || null,
    service: scope.service,
    scopeName: scope.scopeName,
    scopeVersion: scope.scopeVersion,
  }
}
