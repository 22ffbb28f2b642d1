import type { Product } from '../setting.ts'

const TIMEOUTS = 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts'
const WHERE = 'in the `route` of the model, beside its `cluster`, in place of what is there'

export const envoy: Product = {
  id: 'envoy',
  name: 'Envoy',
  kind: 'hop',
  settings: [
    {
      topic: 'idle_timeout',
      where: WHERE,
      snippet: 'idle_timeout: 600s',
      why: 'It counts the silence of a stream: a model that reasons is silent for minutes.',
      bites: '`stream_idle_timeout` of the connection manager: 5 minutes without a byte.',
      costs: 'An upstream that hangs holds its connections as long.',
      source: TIMEOUTS,
      verified: 'documented',
    },
    {
      topic: 'duration_limit',
      where: WHERE,
      snippet: 'timeout: 0s',
      why: 'The timer of a route counts until the whole answer is there, which no stream should have to meet.',
      bites: '15 s for the whole answer.',
      costs: 'Only `idle_timeout` still ends an answer that hangs.',
      source: TIMEOUTS,
      verified: 'documented',
    },
    {
      topic: 'first_byte',
      where: WHERE,
      snippet: 'timeout: 0s\nidle_timeout: 600s',
      why: 'The timer of a route also ends the wait for the headers, as a 504.',
      bites: '15 s.',
      costs: 'Only `idle_timeout` still ends an answer that hangs.',
      source: TIMEOUTS,
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It sends on what it has; its buffer filter holds back requests only.',
    compression: 'Its compressor leaves text/event-stream alone, unless its `content_type` names it.',
    error_page: 'It passes errors on, unless `local_reply_config` maps them to another status.',
    request_size: 'No limit, unless a buffer filter has `max_request_bytes`, which is to be raised there.',
  },
}
