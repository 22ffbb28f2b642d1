import { setTimeout } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import type { Finding } from '../finding.ts'
import { ask, type Question } from './ask.ts'
import type { Exchange } from './exchange.ts'
import { findProxy, showProxy, type ProxySetting } from './find-proxy.ts'
import { judgeProbe, verdictOf, type Verdict } from './judge-probe.ts'
import { askingsFor, tokenLimitOf, type TokenLimit } from './plan.ts'
import { readError } from './obstacles.ts'
import { Session } from './session.ts'
import type { Target } from './target.ts'

/** What was found on the way to one server. */
export interface ProbeResult {
  readonly baseURL: string
  readonly api: Target['api']
  readonly model: string
  /** The forward proxy that the requests went through, without its credentials. */
  readonly proxy: string | null
  readonly offersHttp2: boolean | null
  readonly exchanges: readonly Exchange[]
  /** Tokens of the answers, as far as the server told. */
  readonly outputTokens: number | null
  readonly findings: readonly Finding[]
  readonly verdict: Verdict
}

/** Pause between two requests, in milliseconds. */
const SETTLE_MS = 50

/** How a server is probed. */
export interface ProbeSettings {
  readonly maxTokens: number
  readonly timeoutMs: number
  readonly interrupt: AbortSignal
  /** Told of each request before it is sent. */
  readonly onRequest: (title: string) => void
}

/**
 * Sends the requests to one server, one after another, and judges their answers. The first that is no stream is the last: what
 * went wrong once would go wrong again, and cost as much.
 *
 * @throws the reason of the interrupt; CliError where the environment names a proxy that is none
 */
export async function runProbe(target: Target, settings: ProbeSettings): Promise<ProbeResult> {
  const proxy = readProxy(target)
  const session = new Session({ origin: new URL(target.endpoint.origin), proxy })
  const exchanges: Exchange[] = []
  let offersHttp2: boolean | null = null
  let tokenLimit = tokenLimitOf(target)
  try {
    for (const asking of askingsFor(target)) {
      if (asking.isHttp2) {
        offersHttp2 = await asksForHttp2(session, settings)
        if (!offersHttp2) break
      }
      // A server that closes the connection after an answer without having said so is given the time to.
      if (exchanges.length > 0) await setTimeout(SETTLE_MS, undefined, { signal: settings.interrupt })
      settings.onRequest(asking.title)
      const question = { ...settings, target, asking, session, proxy }
      const asked = await askWithLimit(question, tokenLimit)
      tokenLimit = asked.tokenLimit
      exchanges.push(asked.exchange)
      if (asked.exchange.obstacle !== null) break
    }
  } finally {
    session.close()
  }
  const shownProxy = proxy === undefined ? null : `${showProxy(proxy)} (${proxy.variable})`
  const observed = { exchanges, proxy: shownProxy, offersHttp2, timeoutMs: settings.timeoutMs }
  const findings = judgeProbe(observed)
  const tokens = exchanges.map(({ outputTokens }) => outputTokens)
  return {
    baseURL: target.baseURL,
    api: target.api,
    model: target.model,
    proxy: shownProxy,
    offersHttp2,
    exchanges,
    outputTokens: tokens.includes(null) ? null : tokens.reduce((sum: number, count) => sum + (count ?? 0), 0),
    findings,
    verdict: verdictOf(observed, findings),
  }
}

function readProxy({ endpoint }: Target): ProxySetting | undefined {
  const proxy = findProxy(endpoint, process.env)
  if (proxy !== undefined && 'invalid' in proxy) {
    throw new CliError(
      'usage',
      `${proxy.invalid} must name an HTTP proxy such as http://proxy.example:3128; correct it, or unset it.`,
    )
  }
  return proxy
}

/** A refusal of the other name of the limit costs no tokens: the request is sent again with the one that is wanted. */
async function askWithLimit(
  question: Omit<Question, 'tokenLimit'>,
  tokenLimit: TokenLimit,
): Promise<{ readonly exchange: Exchange; readonly tokenLimit: TokenLimit }> {
  const { exchange, head } = await ask({ ...question, tokenLimit })
  const other: TokenLimit = tokenLimit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  const isRefused = exchange.status === 400 || exchange.status === 422
  if (
    !isRefused ||
    question.target.api !== 'chat' ||
    !new RegExp(`\\b${tokenLimit}\\b`).test(readError({ head }).message ?? '')
  ) {
    return { exchange, tokenLimit }
  }
  return { exchange: (await ask({ ...question, tokenLimit: other })).exchange, tokenLimit: other }
}

/** A server that takes HTTP/1.1 and fails at this does not offer it. */
async function asksForHttp2(session: Session, { interrupt, timeoutMs }: ProbeSettings): Promise<boolean> {
  try {
    return await session.offersHttp2(AbortSignal.any([interrupt, AbortSignal.timeout(timeoutMs)]))
  } catch {
    interrupt.throwIfAborted()
    return false
  }
}
