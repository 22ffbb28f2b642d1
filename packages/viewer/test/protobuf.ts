// OTLP in protobuf, written and read with the library that `src` does without where it reads bodies.
import type { DescMessage, JsonValue } from '@bufbuild/protobuf'

import { fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf'
import { StatusSchema } from '../src/otlp/gen/google/rpc/status_pb.ts'
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from '../src/otlp/gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts'
import {
  ExportMetricsServiceRequestSchema,
  ExportMetricsServiceResponseSchema,
} from '../src/otlp/gen/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts'
import {
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
} from '../src/otlp/gen/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts'

export const PROTOBUF = 'application/x-protobuf'

/** Headers that go with a body in protobuf. */
export const AS_PROTOBUF: Readonly<Record<string, string>> = { 'content-type': PROTOBUF }

const SCHEMAS: Readonly<Record<string, readonly [request: DescMessage, response: DescMessage]>> = {
  '/v1/traces': [ExportTraceServiceRequestSchema, ExportTraceServiceResponseSchema],
  '/v1/metrics': [ExportMetricsServiceRequestSchema, ExportMetricsServiceResponseSchema],
  '/v1/logs': [ExportLogsServiceRequestSchema, ExportLogsServiceResponseSchema],
}

/** A request in OTLP's JSON, in protobuf. */
export function encodeRequest(path: string, json: unknown): Buffer {
  const [schema = ExportTraceServiceRequestSchema] = SCHEMAS[path] ?? []
  return Buffer.from(toBinary(schema, fromJson(schema, withBase64Ids(json))))
}

/** Protobuf's own JSON mapping has ids in base64, where OTLP's has hex. */
function withBase64Ids(json: unknown): JsonValue {
  const text = JSON.stringify(json, (key, value: unknown) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(String(value), 'hex').toString('base64') : value,
  )
  return JSON.parse(text) as JsonValue
}

export function decodeAnswer(path: string, status: number, bytes: Uint8Array): unknown {
  const schema = status === 200 ? (SCHEMAS[path]?.[1] ?? StatusSchema) : StatusSchema
  return toJson(schema, fromBinary(schema, bytes))
}

/** A field with the wire type of text, bytes and messages. */
export function lengthDelimited(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Buffer.from([...bytes, rest])
}

/** The content, wrapped into the fields from the innermost to the outermost. */
export function wrapped(content: Uint8Array, ...fields: readonly number[]): Buffer {
  return fields.reduce<Buffer>((inner, field) => lengthDelimited(field, inner), Buffer.from(content))
}
