import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { findHops, type ResponseFacts, type StreamMonitor, type StreamReport } from '@streamgauge/core'
import { ARRIVAL_PARTS, type AnomalyFinding, type Exchange, type FaultFinding } from './exchange.ts'
import type { Asking } from './plan.ts'
import type { BodyReader } from './read-body.ts'
import type { Answer } from './session.ts'
import { readTls } from './tls-facts.ts'

/** What the cause of a fault may rest on. */
export function readFacts({ status, httpVersion, headers }: Answer): ResponseFacts {
  const chunked = headers['transfer-encoding']?.includes('chunked') === true
  const hasLength = headers['content-length'] !== undefined
  // HTTP/2 has frames of its own, which end a body as surely as chunks do.
  const otherwise = httpVersion === '2' ? 'unknown' : 'close'
  return {
    status,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    framing: chunked ? 'chunked' : hasLength ? 'length' : otherwise,
    via: headers['via'],
    proxies: findHops(Object.keys(headers), (name) => headers[name]),
  }
}

/** Of a connection that is still up: one that is closed says nothing. */
export function tlsOf(socket: Socket): Exchange['tls'] {
  return socket instanceof TLSSocket ? readTls(socket) : null
}

type Headers = Pick<
  Exchange,
  | 'httpVersion'
  | 'status'
  | 'contentType'
  | 'contentEncoding'
  | 'framing'
  | 'closesConnection'
  | 'server'
  | 'via'
  | 'hops'
>

/** The headers' part of an exchange. */
export function describeHeaders({ status, httpVersion, headers }: Answer, facts: ResponseFacts): Headers {
  const keep = (text: string | undefined): string | null => text?.slice(0, MAX_HEADER) ?? null
  return {
    httpVersion,
    status,
    contentType: keep(facts.contentType),
    contentEncoding: keep(facts.contentEncoding),
    framing: facts.framing,
    closesConnection: /\bclose\b/i.test(headers['connection'] ?? ''),
    server: keep(headers['server']),
    via: keep(facts.via),
    hops: facts.proxies ?? [],
  }
}

/** Longest value of a header that is kept. */
const MAX_HEADER = 200

type Body = Pick<
  Exchange,
  'headersMs' | 'firstByteMs' | 'firstEventMs' | 'lastEventMs' | 'wireBytes' | 'comments' | 'sawDone' | 'arrival'
>

/** The body's part of an exchange. */
export function describeBody({ lines, arrival, wire }: BodyReader, monitor: StreamMonitor): Body {
  const since = (atMs: number | null | undefined): number | null => (atMs == null ? null : atMs - monitor.startedAtMs)
  return {
    headersMs: since(monitor.headersAtMs),
    firstByteMs: wire.pieces === 0 ? null : since(wire.firstAtMs),
    firstEventMs: since(arrival.firstAtMs),
    lastEventMs: arrival.firstAtMs === null ? null : since(arrival.lastAtMs),
    wireBytes: wire.bytes,
    comments: lines.comments,
    sawDone: lines.sawDone,
    arrival: arrival.histogram(ARRIVAL_PARTS, monitor.startedAtMs, performance.now()),
  }
}

type Reported = Omit<
  Exchange,
  keyof Headers | keyof Body | 'reusedConnection' | 'connectMs' | 'tls' | 'stop' | 'obstacle'
>

/** The verdict's part of an exchange. */
export function describeReport(report: StreamReport, asking: Asking): Reported {
  const { fault } = report
  return {
    asking: asking.name,
    title: asking.title,
    endMs: report.endedAtMs - report.startedAtMs,
    longestGapMs: report.maxGapMs,
    events: report.events,
    reads: report.reads,
    outcome: report.outcome,
    end: report.end,
    fault: fault === undefined ? null : findingOf(fault),
    anomalies: report.anomalies.map(({ type, cause, confidence, evidence, remedy, attributes }): AnomalyFinding => ({
      type,
      cause: cause ?? null,
      confidence: confidence ?? null,
      evidence: evidence ?? null,
      remedy,
      attributes,
    })),
    finishReasons: report.finishReasons,
    outputTokens: report.usage?.outputTokens ?? null,
  }
}

function findingOf({
  code,
  detail,
  cause,
  confidence,
  evidence,
  remedy,
}: NonNullable<StreamReport['fault']>): FaultFinding {
  return { code, detail: detail ?? null, cause, confidence, evidence, remedy }
}
