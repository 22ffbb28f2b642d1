/** A span of a stream, as another application sends it. */
export interface SentSpan {
  readonly model: string
  readonly outcome: string
  readonly errorType?: string
  /** @defaultValue `'shop'` */
  readonly service?: string
  /** 16 hex digits. */
  readonly spanId: string
  /** Milliseconds since 1970. */
  readonly startMs: number
}

/** Posts a span to a receiver by OTLP/HTTP and JSON. */
export function postSpan(url: string, span: SentSpan): Promise<void> {
  return postSpans(url, [span])
}

/** Posts spans in one request. */
export async function postSpans(url: string, spans: readonly SentSpan[]): Promise<void> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: spans.map(toResourceSpans) }),
  })
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`)
}

function toResourceSpans({ model, outcome, errorType, service = 'shop', spanId, startMs }: SentSpan): object {
  const attributes = {
    'streamgauge.stream.outcome': outcome,
    'gen_ai.request.model': model,
    ...(errorType === undefined ? {} : { 'error.type': errorType, 'streamgauge.remedy': 'Retry.' }),
  }
  const span = {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId,
    name: `chat ${model}`,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 1}000000`,
    attributes: toAttributes(attributes),
  }
  return {
    resource: { attributes: toAttributes({ 'service.name': service }) },
    scopeSpans: [{ spans: [span] }],
  }
}

function toAttributes(values: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
