import { describeAnomaly, describeFault } from '@streamgauge/core'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { RecordedChunk } from './chunk-attribute.ts'
import type { Verdict } from './verdict.ts'

/** The verdict that a span tells, whose chunk was copied with its attributes. */
export function verdictOfSpan({ text, attributes }: RecordedChunk): Verdict {
  const code = textAt(attributes, GEN_AI.ERROR_TYPE)
  return {
    title: 'as the span tells it',
    judgedFrom: 'span',
    response: null,
    // An event of a fault has no outcome of its own: there is a fault.
    outcome: textAt(attributes, ATTR.OUTCOME) ?? 'broken',
    end: textAt(attributes, ATTR.END),
    errorType: code,
    detail: textAt(attributes, ATTR.FAULT_DETAIL),
    meaning: describeFault(code ?? '')?.meaning ?? null,
    cause: textAt(attributes, ATTR.CAUSE),
    causeConfidence: textAt(attributes, ATTR.CAUSE_CONFIDENCE),
    causeEvidence: textAt(attributes, ATTR.CAUSE_EVIDENCE),
    remedy: textAt(attributes, ATTR.REMEDY) ?? describeFault(code ?? '')?.remedy ?? null,
    anomalies: anomaliesOf(textAt(attributes, ATTR.ANOMALY_TYPE)),
    masked: false,
    place: {
      raw: text,
      encoding: attributes[ATTR.CHUNK_ENCODING] === 'base64' ? 'base64' : 'utf-8',
      index: numberAt(attributes, ATTR.CHUNK_INDEX),
      line: null,
      offset: numberAt(attributes, ATTR.CHUNK_OFFSET),
      size: numberAt(attributes, ATTR.CHUNK_SIZE),
      break: numberAt(attributes, ATTR.CHUNK_BREAK),
      truncated: attributes[ATTR.CHUNK_TRUNCATED] === true,
      before: [],
      after: [],
    },
    endEvidence: null,
    events: numberAt(attributes, ATTR.EVENTS),
    bytes: numberAt(attributes, ATTR.BYTES),
    finishReasons: [],
    model: textAt(attributes, GEN_AI.RESPONSE_MODEL) ?? textAt(attributes, GEN_AI.REQUEST_MODEL),
    responseId: textAt(attributes, GEN_AI.RESPONSE_ID),
    lastSequenceNumber: numberAt(attributes, ATTR.LAST_SEQUENCE_NUMBER),
  }
}

function anomaliesOf(type: string | null): Verdict['anomalies'] {
  const known = type === null ? undefined : describeAnomaly(type)
  return known === undefined ? [] : [{ type: known.type, attributes: {}, remedy: known.remedy, meaning: known.meaning }]
}

function textAt(attributes: RecordedChunk['attributes'], name: string): string | null {
  const value = attributes[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function numberAt(attributes: RecordedChunk['attributes'], name: string): number | null {
  const value = Number(attributes[name] ?? Number.NaN)
  return Number.isFinite(value) ? value : null
}
