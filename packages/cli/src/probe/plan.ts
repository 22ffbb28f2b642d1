import type { Target } from './target.ts'

/** How a request is sent: what can make a difference to how its answer comes. */
export interface Asking {
  readonly name: 'sdk' | 'identity' | 'http2'
  readonly title: string
  readonly acceptEncoding: (isTls: boolean) => string
  readonly isHttp2: boolean
}

/** Undici, which is behind the global `fetch`, accepts Brotli only over TLS. */
const asFetchDoes = (isTls: boolean): string => (isTls ? 'br, gzip, deflate' : 'gzip, deflate')

const SDK: Asking = { name: 'sdk', title: 'as the SDK asks', acceptEncoding: asFetchDoes, isHttp2: false }
const IDENTITY: Asking = { name: 'identity', title: 'uncompressed', acceptEncoding: () => 'identity', isHttp2: false }
const HTTP2: Asking = { name: 'http2', title: 'HTTP/2', acceptEncoding: asFetchDoes, isHttp2: true }

/** The requests to a server, in their order. HTTP/2 is only asked for over TLS, and only where the server offers it. */
export function askingsFor({ endpoint }: Target): readonly Asking[] {
  return endpoint.protocol === 'https:' ? [SDK, IDENTITY, HTTP2] : [SDK, IDENTITY]
}

/** Few words of input, and an answer that is as long as it is allowed to be. */
export const PROMPT = 'Count from 1 to 500, one number per line. Write nothing else.'

/** What the prompt takes, with what servers put around it: more than any tokenizer makes of it. */
const INPUT_TOKENS = 50

/** What a probe costs at most. */
export interface Cost {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** The most that the requests to these servers cost. */
export function costOf(targets: readonly Target[], maxTokens: number): Cost {
  const requests = targets.reduce((sum, target) => sum + askingsFor(target).length, 0)
  return { requests, inputTokens: requests * INPUT_TOKENS, outputTokens: requests * maxTokens }
}

/** The body of a request. */
export function bodyFor({ api, model }: Target, maxTokens: number, tokenLimit: TokenLimit): string {
  return JSON.stringify(
    api === 'responses'
      ? { model, input: PROMPT, stream: true, max_output_tokens: maxTokens }
      : { model, messages: [{ role: 'user', content: PROMPT }], stream: true, [tokenLimit]: maxTokens },
  )
}

/** How chat says the most tokens: OpenAI's newer models refuse the old name, and many other servers know only that one. */
export type TokenLimit = 'max_tokens' | 'max_completion_tokens'

/** The name that a server knows, as far as its host tells. */
export function tokenLimitOf({ endpoint }: Target): TokenLimit {
  return /(^|\.)(openai|azure)\.com$/i.test(endpoint.hostname) ? 'max_completion_tokens' : 'max_tokens'
}
