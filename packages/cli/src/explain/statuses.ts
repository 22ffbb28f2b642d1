import { STATUS_CODES } from 'node:http'
import type { Topic } from '@streamgauge/viewer/settings'

/** What single statuses mean before a model; of others their name says it. */
const MEANINGS: Readonly<Record<string, string>> = {
  400: 'the request is wrong: too long a context, an unknown parameter, a schema that the server does not take',
  401: 'the key is missing, wrong or revoked',
  403: 'the key may not use this model, or a firewall refused the request',
  404: 'the model or the path is not there: a base URL without `/v1`, say',
  408: 'the server gave up waiting for the request',
  413: 'the request is too large for a hop in between',
  429: 'too many requests or tokens at once, or the quota is used up',
  499: 'a hop noted that the client had gone (nginx)',
  500: 'the server failed',
  502: 'a hop got no valid answer from what is behind it: it is down, or died before its headers',
  503: 'the server is overloaded, or a hop has nobody behind it',
  504: 'a hop waited too long for the headers',
  520: 'Cloudflare got an answer from the origin that it does not understand',
  521: 'the origin refused the connection of Cloudflare',
  522: 'the origin did not take the connection of Cloudflare in time',
  524: 'Cloudflare waited too long for the headers of the origin',
  529: 'the provider is overloaded',
}

/** A status in words: its name, and what it means before a model. */
export function describeStatus(status: string): string {
  const name = STATUS_CODES[status]
  const meaning = MEANINGS[status]
  return [name, meaning].filter((part) => part !== undefined).join(': ')
}

/** What can be set against single statuses; against others, that their page hides what the provider says. */
const TOPICS: Readonly<Record<string, readonly Topic[]>> = {
  413: ['request_size'],
  502: ['first_byte', 'error_page'],
  504: ['first_byte', 'error_page'],
  524: ['first_byte'],
}

/** The topics of settings that may help against a status. */
export function topicsOfStatus(status: string): readonly Topic[] {
  return TOPICS[status] ?? ['error_page']
}
