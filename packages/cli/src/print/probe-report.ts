import type { Exchange } from '../probe/exchange.ts'
import { judgeArrival, type ArrivalVerdict } from '../probe/judge-exchange.ts'
import type { Verdict } from '../probe/judge-probe.ts'
import type { ProbeResult } from '../probe/run-probe.ts'
import type { Finding } from '../finding.ts'
import { formatMs } from './duration.ts'
import { escapeForTerminal } from './escape.ts'
import { formatFindings } from './findings.ts'
import { plural } from './plural.ts'
import { drawSparkline } from './sparkline.ts'
import { paint } from './style.ts'
import { formatTable } from './table.ts'
import { wrapText } from './wrap.ts'

/** A row of the table, and what stands in it. */
interface Row {
  readonly title: string
  readonly read: (exchange: Exchange) => string
  readonly colour?: (exchange: Exchange) => 'red' | 'green' | 'yellow' | 'cyan' | undefined
}

const ARRIVALS: Readonly<Record<ArrivalVerdict, readonly [string, 'green' | 'red' | 'yellow']>> = {
  flows: ['flows', 'green'],
  held_back: ['held back', 'red'],
  in_bursts: ['in bursts', 'red'],
  unclear: ['too few to tell', 'yellow'],
}

const ROWS: readonly Row[] = [
  {
    title: 'verdict',
    read: (exchange) => wordOf(exchange),
    colour: (exchange) =>
      exchange.obstacle !== null || exchange.fault !== null ? 'red' : ARRIVALS[judgeArrival(exchange)][1],
  },
  { title: 'arrival', read: ({ arrival }) => drawSparkline(arrival), colour: () => 'cyan' },
  { title: 'headers', read: ({ headersMs }) => ms(headersMs) },
  { title: 'first byte', read: ({ firstByteMs }) => ms(firstByteMs) },
  { title: 'first event', read: ({ firstEventMs }) => ms(firstEventMs) },
  { title: 'last event', read: ({ lastEventMs }) => ms(lastEventMs) },
  { title: 'longest gap', read: ({ longestGapMs, reads }) => ms(reads < 2 ? null : longestGapMs) },
  { title: 'events', read: ({ events, reads }) => (events === 0 ? '' : `${events} in ${plural(reads, 'read')}`) },
  { title: 'body', read: ({ wireBytes }) => (wireBytes === 0 ? '' : `${(wireBytes / 1024).toFixed(1)} KiB`) },
  {
    title: 'terminator',
    read: ({ sawDone, end, events }) =>
      sawDone ? '[DONE]' : end === 'terminator' ? 'last event' : events === 0 ? '' : 'none',
  },
  { title: 'comments', read: ({ comments }) => (comments === 0 ? '' : `${comments}`) },
  { title: 'status', read: ({ status }) => `${status ?? ''}` },
  { title: 'content type', read: ({ contentType }) => contentType ?? '' },
  { title: 'compression', read: ({ contentEncoding, status }) => (status === null ? '' : (contentEncoding ?? 'none')) },
  {
    title: 'HTTP',
    read: ({ httpVersion, framing }) =>
      httpVersion === null ? '' : httpVersion === '2' ? '2' : `${httpVersion}, ${framing ?? ''}`,
  },
  {
    title: 'connection',
    read: ({ reusedConnection, connectMs }) =>
      reusedConnection ? 'reused' : connectMs === null ? '' : `new, ${formatMs(connectMs)}`,
  },
  { title: 'TLS', read: ({ tls }) => (tls === null ? '' : `${tls.version}, ${tls.issuer}`) },
  { title: 'hops', read: ({ hops }) => hops.join(', ') },
  { title: 'server', read: ({ server }) => server ?? '' },
  { title: 'via', read: ({ via }) => via ?? '' },
]

/** What a probe has to say: its table, what was found, and the verdict. */
export function formatProbe(result: ProbeResult, width: number): string {
  const { exchanges, findings, verdict, baseURL, model } = result
  const isAnswered = exchanges.some(({ status }) => status !== null)
  return [
    formatTitle(baseURL, model, width),
    ...(isAnswered
      ? [
          formatExchanges(
            exchanges,
            exchanges.map(({ title }) => title),
            width,
          ),
        ]
      : []),
    formatFindings(findings, width),
    formatVerdict(verdict),
  ].join('\n\n')
}

/** Two probes side by side, request by request, and what one way does that the other does not. */
export function formatComparison(
  here: ProbeResult,
  there: ProbeResult,
  differences: readonly Finding[],
  width: number,
): string {
  const pairs = here.exchanges.flatMap((exchange) => {
    const other = there.exchanges.find(({ asking }) => asking === exchange.asking)
    return other === undefined ? [] : [[exchange, other] as const]
  })
  return [
    [formatTitle(`here   ${here.baseURL}`, here.model, width), formatTitle(`there  ${there.baseURL}`, '', width)].join(
      '\n',
    ),
    ...pairs.map(([exchange, other]) =>
      [paint('bold', exchange.title), formatExchanges([exchange, other], ['here', 'there'], width)].join('\n'),
    ),
    `${paint('bold', 'Here')}\n${formatFindings(here.findings, width)}`,
    `${paint('bold', 'There')}\n${formatFindings(there.findings, width)}`,
    `${paint('bold', 'What lies between')}\n${formatFindings(differences, width)}`,
    formatVerdict(here.verdict),
  ].join('\n\n')
}

function formatTitle(baseURL: string, model: string, width: number): string {
  return wrapText(escapeForTerminal(`${baseURL}  ${model}`).trimEnd(), width)
    .map((line) => paint('bold', line))
    .join('\n')
}

function formatExchanges(exchanges: readonly Exchange[], titles: readonly string[], width: number): string {
  const rows = ROWS.filter((row) => exchanges.some((exchange) => row.read(exchange) !== ''))
  const columns = [{ title: '' }, ...titles.map((title) => ({ title }))]
  const cells = rows.map((row) => [row.title, ...exchanges.map((exchange) => escapeForTerminal(row.read(exchange)))])
  return formatTable(columns, cells, {
    width,
    paintCell: (text, row, column) => {
      const exchange = exchanges[column - 1]
      const colour = exchange === undefined ? 'dim' : rows[row]?.colour?.(exchange)
      return colour === undefined ? text : paint(colour, text)
    },
  })
}

function wordOf(exchange: Exchange): string {
  const { obstacle, fault, stop } = exchange
  if (obstacle !== null) return 'no stream'
  if (stop === 'too_long') return 'endless'
  return fault?.code ?? ARRIVALS[judgeArrival(exchange)][0]
}

function ms(value: number | null): string {
  return value === null ? '' : formatMs(value)
}

const VERDICTS: Readonly<Record<Verdict, readonly [text: string, colour: 'green' | 'red' | 'yellow']>> = {
  healthy: ['✓ Streams come through as they are sent.', 'green'],
  harmful: ['✗ Streams are harmed on this way.', 'red'],
  unclear: ['! Streams come whole; whether they are held back cannot be told.', 'yellow'],
  unreachable: ['✗ The server cannot be reached.', 'red'],
  key_refused: ['✗ The key is missing, or refused.', 'red'],
  not_openai: ['✗ No OpenAI-like streams come from there.', 'red'],
  refused: ['✗ The server refuses the request.', 'red'],
}

function formatVerdict(verdict: Verdict): string {
  const [text, colour] = VERDICTS[verdict]
  return paint(colour, text)
}
