import type { Receiver } from '@streamgauge/viewer'
import { OTLP_PORT, outsideUrl, urlWithToken } from './receiver-urls.ts'

/** What there is to say of a receiver. */
export interface Listening {
  readonly receiver: Receiver
  readonly host: string
  readonly token?: string | undefined
}

/** Where the page is, and what an app needs so that its streams come here. */
export function describeReceiver(listening: Listening): string {
  const { receiver, host } = listening
  const outside = outsideUrl(host, receiver.port)
  const hint = needsNoEndpoint(listening)
    ? 'where apps send by default; start yours, Ctrl-C ends'
    : 'point your own app here, Ctrl-C ends'
  return [
    `See the streams on one page: ${describePage(listening)}`,
    `Listening on ${receiver.url}${needsNoEndpoint(listening) ? ', ' : '; '}${hint}:`,
    ...appLines(listening).map((line) => `  ${line}`),
    ...(outside === undefined ? [] : [`From other machines: ${outside}`]),
    '',
  ].join('\n')
}

/** A token is for whoever sits there: what is no terminal is kept, and read by others. */
function describePage({ receiver, token }: Listening): string {
  if (token === undefined) return receiver.url
  if (process.stdout.isTTY) return `${urlWithToken(receiver.url, token)}/`
  return `${receiver.url} (asks for a name, which may be any, and a password, which is the token)`
}

function appLines(listening: Listening): readonly string[] {
  const { receiver, token } = listening
  return [
    ...(needsNoEndpoint(listening) ? [] : [`export OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url}`]),
    ...(token === undefined
      ? []
      : [`export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${describeToken(token)}"`]),
    'node --import @streamgauge/instrumentation-openai/register app.mjs',
  ]
}

const LOCALHOST: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '0.0.0.0'])

function needsNoEndpoint({ receiver, host }: Listening): boolean {
  return receiver.port === OTLP_PORT && LOCALHOST.has(host)
}

/** Not itself: an app's settings get around. */
function describeToken(token: string): string {
  return encodeURIComponent(token) === token ? '$STREAMGAUGE_VIEW_TOKEN' : '<the token, percent-encoded>'
}
