import type { Attributes, Span } from '@opentelemetry/api'
import type { AnswerFacts, Anomaly, Fault, StreamReport, Usage } from '@streamgauge/core'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { chunkAttributes } from './chunk-attributes.ts'
import type { ResolvedOptions } from '../read-options.ts'

/** What an answer told of itself, streamed or not. */
export function setAnswer(span: Span, answer: Omit<AnswerFacts, 'usage'>, usage: Usage | undefined): void {
  set(span, GEN_AI.RESPONSE_ID, answer.responseId)
  set(span, GEN_AI.RESPONSE_MODEL, answer.responseModel)
  set(span, GEN_AI.OPENAI_RESPONSE_SYSTEM_FINGERPRINT, answer.systemFingerprint)
  set(span, GEN_AI.OPENAI_RESPONSE_SERVICE_TIER, answer.serviceTier)
  setList(span, GEN_AI.RESPONSE_FINISH_REASONS, answer.finishReasons)
  if (usage === undefined) return
  set(span, GEN_AI.USAGE_INPUT_TOKENS, usage.inputTokens)
  set(span, GEN_AI.USAGE_OUTPUT_TOKENS, usage.outputTokens)
  set(span, GEN_AI.USAGE_CACHE_READ_INPUT_TOKENS, usage.cacheReadInputTokens)
  set(span, GEN_AI.USAGE_REASONING_OUTPUT_TOKENS, usage.reasoningOutputTokens)
}

/** How a stream ended, and its figures. Durations in seconds, as telemetry wants them. */
export function setStream(span: Span, report: StreamReport, attempts: number): void {
  const { response, anomalies, timeToFirstChunkMs } = report
  set(span, ATTR.OUTCOME, report.outcome)
  set(span, ATTR.END, report.end)
  set(span, ATTR.READS, report.reads)
  set(span, ATTR.EVENTS, report.events)
  set(span, ATTR.BYTES, report.bytes)
  set(span, ATTR.MAX_GAP, report.maxGapMs / 1000)
  set(span, ATTR.CONSUMER_IDLE, report.consumerIdleMs / 1000)
  if (anomalies.length > 0)
    setList(
      span,
      ATTR.ANOMALIES,
      anomalies.map(({ type }) => type),
    )
  set(span, ATTR.LAST_SEQUENCE_NUMBER, report.lastSequenceNumber)
  if (attempts > 1) set(span, ATTR.HTTP_ATTEMPTS, attempts)
  if (timeToFirstChunkMs !== undefined) set(span, GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK, timeToFirstChunkMs / 1000)
  set(span, GEN_AI.HTTP_RESPONSE_STATUS_CODE, response?.status ?? httpStatus(report.fault))
  if (response === undefined) return
  set(span, ATTR.HTTP_FRAMING, response.framing)
  set(span, ATTR.HTTP_CONTENT_TYPE, response.contentType)
  set(span, ATTR.HTTP_CONTENT_ENCODING, response.contentEncoding)
  set(span, ATTR.HTTP_VIA, response.via)
  setList(span, ATTR.HTTP_PROXIES, response.proxies ?? [])
}

/** The fault, the same on the span, on its event and in the log. */
export function faultAttributes(fault: Fault, options: ResolvedOptions): Attributes {
  return {
    ...defined({
      [GEN_AI.ERROR_TYPE]: fault.code,
      [ATTR.FAULT_DETAIL]: fault.detail,
      [ATTR.CAUSE]: fault.cause,
      [ATTR.CAUSE_CONFIDENCE]: fault.confidence,
      [ATTR.CAUSE_EVIDENCE]: fault.evidence,
      [ATTR.REMEDY]: fault.remedy,
    }),
    ...chunkAttributes(fault, options),
  }
}

/** An anomaly, on its event. */
export function anomalyAttributes(anomaly: Anomaly): Attributes {
  return defined({
    [ATTR.ANOMALY_TYPE]: anomaly.type,
    ...anomaly.attributes,
    [ATTR.CAUSE]: anomaly.cause,
    [ATTR.CAUSE_CONFIDENCE]: anomaly.confidence,
    [ATTR.CAUSE_EVIDENCE]: anomaly.evidence,
    [ATTR.REMEDY]: anomaly.remedy,
  })
}

/** An answer with an error status has no response of the SDK: its status is the fault's code. */
export function httpStatus(fault: Fault | undefined): number | undefined {
  return fault !== undefined && /^\d+$/.test(fault.code) ? Number(fault.code) : undefined
}

/** One by one: an object of all of them, made for each stream, takes as long as half of what the span does with it. */
function set(span: Span, key: string, value: string | number | undefined): void {
  if (value !== undefined) span.setAttribute(key, value)
}

function setList(span: Span, key: string, values: readonly string[]): void {
  if (values.length > 0) span.setAttribute(key, [...values])
}

/** Takes out what is not there. */
function defined(attributes: Attributes): Attributes {
  const kept: Attributes = {}
  for (const key in attributes) if (attributes[key] !== undefined) kept[key] = attributes[key]
  return kept
}
