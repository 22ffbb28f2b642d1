import type { Attributes } from '@opentelemetry/api'
import type { AnswerFacts, Anomaly, Fault, StreamReport, Usage } from '@streamgauge/core'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { chunkAttributes } from './chunk-attributes.ts'
import type { ResolvedOptions } from '../read-options.ts'

/** What an answer told of itself, streamed or not. */
export function answerAttributes(answer: Omit<AnswerFacts, 'usage'>, usage: Usage | undefined): Attributes {
  return defined({
    [GEN_AI.RESPONSE_ID]: answer.responseId,
    [GEN_AI.RESPONSE_MODEL]: answer.responseModel,
    [GEN_AI.OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: answer.systemFingerprint,
    [GEN_AI.OPENAI_RESPONSE_SERVICE_TIER]: answer.serviceTier,
    [GEN_AI.RESPONSE_FINISH_REASONS]: answer.finishReasons.length === 0 ? undefined : [...answer.finishReasons],
    [GEN_AI.USAGE_INPUT_TOKENS]: usage?.inputTokens,
    [GEN_AI.USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
    [GEN_AI.USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cacheReadInputTokens,
    [GEN_AI.USAGE_REASONING_OUTPUT_TOKENS]: usage?.reasoningOutputTokens,
  })
}

/** How a stream ended, and its figures. Durations in seconds, as telemetry wants them. */
export function streamAttributes(report: StreamReport, attempts: number): Attributes {
  const { response, anomalies, timeToFirstChunkMs } = report
  return defined({
    [ATTR.OUTCOME]: report.outcome,
    [ATTR.END]: report.end,
    [ATTR.READS]: report.reads,
    [ATTR.EVENTS]: report.events,
    [ATTR.BYTES]: report.bytes,
    [ATTR.MAX_GAP]: report.maxGapMs / 1000,
    [ATTR.CONSUMER_IDLE]: report.consumerIdleMs / 1000,
    [ATTR.ANOMALIES]: anomalies.length === 0 ? undefined : anomalies.map(({ type }) => type),
    [ATTR.LAST_SEQUENCE_NUMBER]: report.lastSequenceNumber,
    [ATTR.HTTP_ATTEMPTS]: attempts > 1 ? attempts : undefined,
    [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: timeToFirstChunkMs === undefined ? undefined : timeToFirstChunkMs / 1000,
    [GEN_AI.HTTP_RESPONSE_STATUS_CODE]: response?.status ?? httpStatus(report.fault),
    [ATTR.HTTP_FRAMING]: response?.framing,
    [ATTR.HTTP_CONTENT_TYPE]: response?.contentType,
    [ATTR.HTTP_CONTENT_ENCODING]: response?.contentEncoding,
    [ATTR.HTTP_VIA]: response?.via,
    [ATTR.HTTP_PROXIES]:
      response?.proxies === undefined || response.proxies.length === 0 ? undefined : [...response.proxies],
  })
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

/** Takes out what is not there. */
function defined(attributes: Attributes): Attributes {
  const kept: Attributes = {}
  for (const key in attributes) if (attributes[key] !== undefined) kept[key] = attributes[key]
  return kept
}
