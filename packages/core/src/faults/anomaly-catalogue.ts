import type { AnomalyType, Cause } from '../vocabulary.ts'

/** One anomaly of the catalogue: what a person on call wants to know of something that broke nothing. */
export interface AnomalyDescription {
  readonly type: AnomalyType
  /** What was observed, in one sentence. */
  readonly meaning: string
  /** The exact rule by which it is recognised. */
  readonly rule: string
  /** The causes that may be told of it. */
  readonly causes: readonly Cause[]
  /** One line of advice: the same text on the span, in the terminal and in the runbook. */
  readonly remedy: string
  /** The same where the answer came compressed. */
  readonly remedyWhenCompressed?: string | undefined
}

const FLUSH = 'Leave text/event-stream uncompressed, or have whoever compresses it flush after each event.'

/** The whole catalogue, in the order in which a report lists them. */
export const ANOMALY_CATALOGUE: readonly AnomalyDescription[] = [
  {
    type: 'stalled',
    meaning: 'No byte came for longer than the threshold, while the consumer waited.',
    rule: 'A wait above `stallThresholdMs`, less the time in which this process was too busy to see bytes.',
    causes: ['proxy_idle_timeout', 'client_timeout', 'client_http_timeout', 'proxy_buffering'],
    remedy:
      'Compare with how long the model reasons; have the server send comments (`: ping`) meanwhile, as signs of life.',
  },
  {
    type: 'buffered',
    meaning: 'The whole answer came late and at once.',
    rule: 'The first byte took four fifths of the time, at least 1 s; 24 events or more then came within 50 ms.',
    causes: ['proxy_buffering'],
    remedy: 'Turn buffering off in the hops (nginx: `proxy_buffering off`), or send `X-Accel-Buffering: no`.',
    remedyWhenCompressed: FLUSH,
  },
  {
    type: 'coalesced',
    meaning: 'Many events came in each read, with waits in between.',
    rule: '24 events or more, eight in each read, and at least 100 ms of waiting before each.',
    causes: ['proxy_buffering'],
    remedy:
      'Turn buffering off in the hops (nginx: `proxy_buffering off`, HAProxy: `option http-no-delay`), or in the provider.',
    remedyWhenCompressed: FLUSH,
  },
  {
    type: 'invalid_utf8',
    meaning: 'Bytes that are no UTF-8; SDKs replace them silently.',
    rule: 'The bytes of all reads together are not UTF-8.',
    causes: [],
    remedy: 'Look for a hop that cuts or re-encodes the text between bytes; the place is given as a byte offset.',
  },
  {
    type: 'sequence_gap',
    meaning: 'A sequence number is missing: an event was lost.',
    rule: 'A `sequence_number` above the one that follows the last.',
    causes: [],
    remedy: 'Fetch the response again by its id: what was lost is missing from the text that the app has.',
  },
  {
    type: 'sequence_repeat',
    meaning: 'A sequence number came twice, or went back.',
    rule: 'A `sequence_number` that is not above the last.',
    causes: [],
    remedy: 'Look for a hop or a retry that sends events again: the text that the app has may hold them twice.',
  },
  {
    type: 'done_missing',
    meaning: 'A finished chat answer without `[DONE]`.',
    rule: 'Every choice has a finish reason, and the body ended in order without `[DONE]`.',
    causes: [],
    remedy: 'Nothing is lost; have the server end with `[DONE]`, without which a cut is harder to tell.',
  },
  {
    type: 'late_data',
    meaning: 'Events after the terminator.',
    rule: 'An event after `[DONE]`, or after the last event of its API.',
    causes: [],
    remedy:
      'Nothing that the SDK hands over is lost; report it to whoever runs the server, which goes on after its end.',
  },
  {
    type: 'bom',
    meaning: 'A byte order mark; openai 4 loses the first event over it.',
    rule: 'The body begins with EF BB BF.',
    causes: [],
    remedy: 'Update openai to 5 or later, and have the server write UTF-8 without a byte order mark.',
  },
  {
    type: 'incomplete_tool_arguments',
    meaning: 'The arguments of a tool call stop before their JSON closes.',
    rule: 'The answer is complete, and a string, an object or an array in the arguments of a call is open.',
    causes: [],
    remedy:
      'Do not run the call: raise the token limit, and look at the finish reason, which may hide that it was hit.',
  },
  {
    type: 'usage_missing',
    meaning: 'Usage was asked for and did not come.',
    rule: 'The request has `include_usage`, the answer was read to its end, and no usage was in it.',
    causes: [],
    remedy:
      'Check that the server and the hops know `stream_options.include_usage`; tokens of such answers are not counted.',
  },
]

const BY_TYPE: ReadonlyMap<AnomalyType, AnomalyDescription> = new Map(
  ANOMALY_CATALOGUE.map((description) => [description.type, description]),
)

/** The catalogue's entry of an anomaly; `undefined` for what is none. */
export function describeAnomaly(type: AnomalyType | (string & {})): AnomalyDescription | undefined {
  return BY_TYPE.get(type as AnomalyType)
}
