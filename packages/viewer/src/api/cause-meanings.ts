import type { Cause, Confidence } from '@streamgauge/core'

/** Each cause in words. */
export const CAUSE_MEANINGS: Readonly<Record<Cause, string>> = {
  network: 'The network between this process and the next hop failed.',
  peer_closed: 'The server or the hop before it closed the connection.',
  proxy_idle_timeout: 'A proxy gave up waiting for the next byte.',
  proxy_duration_limit: 'A proxy allows a response only so long.',
  proxy_error_page: 'A proxy or gateway answered with a page of its own.',
  proxy_split: 'A hop cut or merged events on their way.',
  proxy_buffering: 'A hop held the answer back and sent it on in pieces of its own.',
  wrong_endpoint: 'The address leads to something that does not speak this API.',
  provider_error: 'The provider failed and said so.',
  provider_truncation: 'The provider, or a hop that hides its death, stopped in the middle.',
  provider_malformed: 'The provider wrote what is no valid event stream.',
  client_timeout: "This application's own deadline ran out.",
  client_http_timeout: "A timer of this application's HTTP client ran out.",
  unknown: 'The evidence points to nothing in particular.',
}

/** How sure a cause is, in words. */
export const CONFIDENCE_MEANINGS: Readonly<Record<Confidence, string>> = {
  certain: 'The evidence allows no other cause.',
  likely: 'The evidence fits this cause better than any other.',
  guess: 'Several causes fit; this is the most frequent of them.',
}
