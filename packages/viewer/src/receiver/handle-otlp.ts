import type { DescMessage } from '@bufbuild/protobuf'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Decoded } from '../otlp/decode-scopes.ts'
import type { Batch } from '../otlp/records.ts'
import type { Store } from '../store/store.ts'
import type { Encoding } from './encoding.ts'
import type { BodyBudget } from './read-body.ts'

import { errorMessage } from '../error-fields.ts'
import { decodeLogs } from '../otlp/decode-logs.ts'
import { decodeMetrics } from '../otlp/decode-metrics.ts'
import { decodeTraces } from '../otlp/decode-traces.ts'
import { parseExactJson } from '../otlp/exact-json.ts'
import { MalformedOtlp, OversizedOtlp } from '../otlp/fields.ts'
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from '../otlp/gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts'
import {
  ExportMetricsServiceRequestSchema,
  ExportMetricsServiceResponseSchema,
} from '../otlp/gen/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts'
import {
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
} from '../otlp/gen/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts'
import { assertJsonBounds } from '../otlp/json-bounds.ts'
import { readProtobuf } from '../otlp/read-protobuf.ts'
import { answer, Refusal } from './answer.ts'
import { encodingOf, mediaType } from './encoding.ts'
import { readBody } from './read-body.ts'

/** What one request brought: a batch to store, and the records that can't be. */
interface Export {
  readonly batch: Batch
  readonly rejected: number
  readonly reason: string
}

/** What a path takes: how its body becomes a batch, and what a partial success calls the refused records. */
interface Endpoint {
  readonly request: DescMessage
  readonly response: DescMessage
  readonly rejectedKey: 'rejectedSpans' | 'rejectedDataPoints' | 'rejectedLogRecords'
  decode(body: unknown): Export
}

function toExport<Item>(decoded: Decoded<Item>, toBatch: (records: readonly Item[]) => Batch): Export {
  return { batch: toBatch(decoded.records), rejected: decoded.rejected, reason: decoded.reason }
}

const TRACES: Endpoint = {
  request: ExportTraceServiceRequestSchema,
  response: ExportTraceServiceResponseSchema,
  rejectedKey: 'rejectedSpans',
  decode: (body) => toExport(decodeTraces(body), (records) => ({ signal: 'traces', records })),
}
const METRICS: Endpoint = {
  request: ExportMetricsServiceRequestSchema,
  response: ExportMetricsServiceResponseSchema,
  rejectedKey: 'rejectedDataPoints',
  decode: (body) => toExport(decodeMetrics(body), (records) => ({ signal: 'metrics', records })),
}
const LOGS: Endpoint = {
  request: ExportLogsServiceRequestSchema,
  response: ExportLogsServiceResponseSchema,
  rejectedKey: 'rejectedLogRecords',
  decode: (body) => toExport(decodeLogs(body), (records) => ({ signal: 'logs', records })),
}
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['/v1/traces', TRACES],
  ['/v1/metrics', METRICS],
  ['/v1/logs', LOGS],
])

/**
 * Answers a request to one of OTLP's paths.
 *
 * @throws Refusal for whatever is not to be taken. Error when the client goes away.
 */
export async function handleOtlp(
  request: IncomingMessage,
  response: ServerResponse,
  context: { readonly store: Store; readonly maxBodyBytes: number; readonly budget: BodyBudget },
): Promise<void> {
  const endpoint = findEndpoint(request)
  const encoding = findEncoding(request)
  const body = await readBody(request, context.maxBodyBytes, context.budget)
  const { batch, rejected, reason } = decode(endpoint, body, encoding)
  ingest(context.store, batch)
  // OTLP: "the server MUST leave the `partial_success` field unset in case of a successful response".
  const partialSuccess = { [endpoint.rejectedKey]: String(rejected), errorMessage: reason }
  const message = rejected === 0 ? {} : { partialSuccess }
  answer(response, 200, { schema: endpoint.response, message, encoding })
}

function findEndpoint(request: IncomingMessage): Endpoint {
  const [path = ''] = (request.url ?? '').split('?', 1)
  const endpoint = ENDPOINTS.get(path)
  if (endpoint === undefined) {
    throw new Refusal(404, `Nothing is here: OTLP goes to ${[...ENDPOINTS.keys()].join(', ')}.`)
  }
  if (request.method !== 'POST') throw new Refusal(405, `Only POST goes to ${path}.`, { allow: 'POST' })
  return endpoint
}

function findEncoding(request: IncomingMessage): Encoding {
  const encoding = encodingOf(request)
  if (encoding !== undefined) return encoding
  const type = mediaType(request)
  const found =
    type === '' ? 'The body has no content type' : `The content type is ${JSON.stringify(type.slice(0, 80))}`
  throw new Refusal(415, `${found}: send OTLP as application/x-protobuf or application/json.`)
}

function decode(endpoint: Endpoint, body: Buffer, encoding: Encoding): Export {
  try {
    return endpoint.decode(encoding === 'json' ? readJson(body) : readProtobuf(endpoint.request, body))
  } catch (error) {
    if (error instanceof MalformedOtlp) throw new Refusal(400, `The body is not OTLP: ${error.message}`)
    if (error instanceof SyntaxError) throw new Refusal(400, 'The body is not JSON.')
    if (error instanceof OversizedOtlp) throw new Refusal(413, `${error.message}: send smaller batches.`)
    throw error
  }
}

function readJson(body: Buffer): unknown {
  assertJsonBounds(body)
  return parseExactJson(body.toString('utf8'))
}

function ingest(store: Store, batch: Batch): void {
  try {
    store.ingest(batch)
  } catch (error) {
    // A full disk, a locked file, a store closed just now: not the sender's doing, and it may pass.
    throw new Refusal(503, `The telemetry could not be stored: ${errorMessage(error)}`, { 'retry-after': '1' })
  }
}
