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
export async function postSpan(url: string, span: SentSpan): Promise<void> {
  const { model, outcome, errorType, service = 'shop', spanId, startMs } = span
  const attributes = {
    'streamgauge.stream.outcome': outcome,
    'gen_ai.request.model': model,
    ...(errorType === undefined ? {} : { 'error.type': errorType, 'streamgauge.remedy': 'Retry.' }),
  }
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: toAttributes({ 'service.name': service }) },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId,
                  name: `chat ${model}`,
                  startTimeUnixNano: `${startMs}000000`,
                  endTimeUnixNano: `${startMs + 1}000000`,
                  attributes: toAttributes(attributes),
                },
              ],
            },
          ],
        },
      ],
    }),
  })
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`)
}

function toAttributes(values: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
