import type { Finding, Level } from '../finding.ts'
import { formatMs } from '../print/duration.ts'
import type { Exchange } from './exchange.ts'
import { ofWhich } from './which-requests.ts'

/** Everything that was seen on the way to one server. */
export interface Observed {
  readonly exchanges: readonly Exchange[]
  /** Where the requests went through a forward proxy: its address and the variable that names it. */
  readonly proxy: string | null
  /** Whether the server offers HTTP/2: `null` where it was not asked. */
  readonly offersHttp2: boolean | null
  readonly timeoutMs: number
}

/** What is said of the way there and back: HTTP, TLS, and who stands between. */
export function aboutPath(observed: Observed, answered: readonly Exchange[]): readonly Finding[] {
  return [...aboutHttp(answered), ...aboutHops(observed, answered)]
}

function aboutHttp(exchanges: readonly Exchange[]): Finding[] {
  const odd = exchanges.find(
    ({ contentType, events }) => events > 0 && !/^\s*text\/event-stream\b/i.test(contentType ?? ''),
  )
  const compressed = exchanges.filter(
    ({ contentEncoding }) => contentEncoding !== null && contentEncoding !== 'identity',
  )
  const untilClose = exchanges.filter(({ framing }) => framing === 'close')
  const withLength = exchanges.filter(({ framing, events }) => framing === 'length' && events > 0)
  const findings: Finding[] = []
  if (odd !== undefined) {
    findings.push(
      finding(
        'warning',
        'content type',
        `Events come as ${JSON.stringify(odd.contentType ?? 'nothing')}: hops that spare text/event-stream from their buffers do not know them.`,
        'Send `Content-Type: text/event-stream`.',
      ),
    )
  }
  if (compressed[0] !== undefined) {
    findings.push(
      finding(
        'note',
        'compression',
        `Answers come compressed with ${compressed[0].contentEncoding}${ofWhich(compressed, exchanges)}.`,
      ),
    )
  }
  if (untilClose.length > 0) {
    findings.push(
      finding(
        'warning',
        'framing',
        `The end of the body is the end of its connection${ofWhich(untilClose, exchanges)}: a cut cannot be told from an end.`,
        'Have the hops speak HTTP/1.1 to the server (nginx: `proxy_http_version 1.1`), and the server send chunks.',
      ),
    )
  }
  if (withLength.length > 0) {
    findings.push(
      finding(
        'note',
        'framing',
        `The length of the answer was known before it began (Content-Length)${ofWhich(withLength, exchanges)}.`,
      ),
    )
  }
  return findings
}

/** Silence that is worth a word, in milliseconds: far below any hop's timer, and above what models take between two tokens. */
const LONG_SILENCE_MS = 3000

function aboutHops({ exchanges, proxy, offersHttp2 }: Observed, answered: readonly Exchange[]): Finding[] {
  const findings: Finding[] = []
  const tls = exchanges.find((exchange) => exchange.tls !== null)?.tls
  const hops = [...new Set(exchanges.flatMap((exchange) => exchange.hops))]
  const comments = Math.max(0, ...answered.map((exchange) => exchange.comments))
  if (tls?.isPublicRoot === false) {
    findings.push(
      finding(
        'warning',
        'TLS',
        `The certificate is by ${tls.issuer}, which is no public authority: a proxy that opens TLS, or a private server.`,
        'A proxy that reads all that passes may hold it back: ask who runs it to let this host through unopened.',
      ),
    )
  }
  if (proxy !== null) {
    findings.push(
      finding(
        'note',
        'proxy',
        `The requests went through ${proxy}. Node's own fetch, and so the SDK, does so only with NODE_USE_ENV_PROXY=1.`,
      ),
    )
  }
  if (hops.length > 0) findings.push(finding('note', 'hops', `Headers tell of ${hops.join(', ')}.`))
  if (comments > 0)
    findings.push(finding('note', 'keep-alive', `Comments keep the connection alive: ${comments} in one answer.`))
  const tokens = answered.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0)
  if (tokens > 0)
    findings.push(finding('note', 'cost', `The answers took ${tokens} output tokens, as far as the server said.`))
  const longest = Math.max(0, ...answered.map((exchange) => exchange.longestGapMs))
  if (longest >= LONG_SILENCE_MS) {
    findings.push(finding('note', 'silence', `The longest silence between two pieces was ${formatMs(longest)}.`))
  }
  const closing = answered.find((exchange) => exchange.closesConnection)
  if (closing !== undefined) {
    findings.push(
      finding('note', 'connection', 'The connection is closed after each answer, and each request pays for a new one.'),
    )
  }
  if (offersHttp2 === false)
    findings.push(finding('note', 'HTTP/2', 'HTTP/2 is not offered; the SDK does not ask for it.'))
  return findings
}

function finding(level: Level, subject: string, text: string, remedy?: string): Finding {
  return { level, subject, text, remedy }
}
