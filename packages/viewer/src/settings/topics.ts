import type { Ailment, Topic } from './setting.ts'

/** A topic in words, and what settings of it heal. */
export interface TopicDescription {
  readonly title: string
  readonly heals: readonly Ailment[]
}

/** Faults of an answer that somebody cut short. */
const CUT: readonly Ailment[] = ['missing_terminator', 'truncated_event', 'premature_close', 'connection_reset']

/** Every topic. */
export const TOPIC_CATALOGUE: Readonly<Record<Topic, TopicDescription>> = {
  buffering: {
    title: 'send events on as they come',
    heals: ['buffered', 'coalesced', 'stalled', 'proxy_buffering'],
  },
  compression: {
    title: 'leave event streams uncompressed',
    heals: ['buffered', 'coalesced', 'protocol_error', 'proxy_buffering'],
  },
  idle_timeout: { title: 'wait longer for the next byte', heals: [...CUT, 'proxy_idle_timeout'] },
  duration_limit: { title: 'let an answer last longer', heals: [...CUT, 'proxy_duration_limit'] },
  first_byte: { title: 'wait longer for the first byte', heals: ['http_status', 'proxy_error_page'] },
  error_page: {
    title: 'pass errors on as what they are',
    heals: ['not_event_stream', 'empty_stream', 'http_status', 'proxy_error_page'],
  },
  request_size: { title: 'let long prompts through', heals: ['http_status', 'proxy_error_page'] },
  client_headers: {
    title: 'wait longer for the headers',
    heals: ['headers_timeout', 'client_timeout', 'client_http_timeout'],
  },
  client_body: {
    title: 'wait longer for the next byte of the body',
    heals: ['body_timeout', 'client_http_timeout'],
  },
  client_deadline: {
    title: 'count from the last chunk, not from the request',
    heals: ['client_timeout', 'body_timeout'],
  },
  connection: { title: 'get a connection at all', heals: ['connection_failed', 'network'] },
}

/** Why no setting helps, for what none does. */
export const NO_SETTING: Readonly<Partial<Record<Ailment, string>>> = {
  upstream_error: 'The provider failed and said so: only the request, the quota or a retry can change that.',
  malformed_event: 'Somebody rewrites the bytes of events: take that hop out, since no setting of it keeps them whole.',
  empty_event: 'The server writes an event without data: only its code can write a comment instead.',
  late_transport_error: 'The answer is whole: openai 7 stops reading at the terminator, and older ones can be updated.',
  unterminated_event: 'The server leaves the last blank line out: openai 7 reads the event all the same.',
  invalid_utf8: 'Somebody cuts or re-encodes text between bytes: no setting of a known hop does so.',
  sequence_gap: 'An event was lost above HTTP: no setting of a known hop drops single events.',
  sequence_repeat: 'Events were sent again above HTTP: no setting of a known hop repeats single events.',
  done_missing: 'The server ends without `[DONE]`: nothing is lost, and only its code can add it.',
  late_data: 'The server goes on after its end: only its code can stop it.',
  bom: 'The server writes a byte order mark: openai 5 and later read over it.',
  incomplete_tool_arguments: 'The answer hit a limit of the request: raise its `max_completion_tokens`.',
  usage_missing:
    'The request asked for usage and the server has none: LLM gateways differ, and none has a switch for it.',
  peer_closed: 'A process ended or closed the connection: look at restarts and deployments at that time.',
  proxy_split: 'Somebody cuts or joins events: take that hop out, since no setting of it keeps them whole.',
  wrong_endpoint: 'The address leads elsewhere: the base URL is the setting.',
  provider_error: 'The provider failed and said so: only the request, the quota or a retry can change that.',
  provider_truncation:
    'The provider stopped, or a hop hides that something behind it died: the settings of `proxy_idle_timeout` and `proxy_duration_limit` are for the second.',
  provider_malformed: 'The server writes what is no event stream: only its code can change that.',
  unknown: 'Nothing points to a cause, and so none to a setting.',
}
