import { request as requestByHttp } from 'node:http'
import { request as requestByHttps } from 'node:https'
import { connect } from 'node:net'
import type { Finding } from '../../finding.ts'
import { hideCredentials } from '../../print/hide-credentials.ts'
import { readOtlpSetting, SIGNALS, type OtlpSetting } from '../otlp-settings.ts'
import type { Situation } from '../situation.ts'

/** Longest that an endpoint may take to answer, in milliseconds. */
export const ENDPOINT_TIMEOUT_MS = 5000

/** Whether whoever is to receive the telemetry answers: each place is sent a request with nothing in it. */
export async function checkEndpoint({ env }: Situation, signal: AbortSignal): Promise<readonly Finding[]> {
  // What a file says is not read here.
  if ((env['OTEL_CONFIG_FILE'] ?? '') !== '') return []
  const settings = SIGNALS.map((name) => readOtlpSetting(name, env)).filter(({ exporters }) =>
    exporters.includes('otlp'),
  )
  const findings = await Promise.all(settings.map((setting) => askEndpoint(setting, signal)))
  signal.throwIfAborted()
  return join(settings, findings)
}

/** One place that says the same of all kinds says it once. */
function join(settings: readonly OtlpSetting[], findings: readonly Finding[]): Finding[] {
  const origin = ({ url }: OtlpSetting): string => (isHttp(url) ? new URL(url).origin : url)
  const groups = new Map<string, { readonly finding: Finding; readonly kinds: string[] }>()
  for (const [index, finding] of findings.entries()) {
    const setting = settings[index]
    if (setting === undefined) continue
    const text = finding.text.replaceAll(setting.url, origin(setting))
    const group = groups.get(text)
    if (group === undefined) groups.set(text, { finding: { ...finding, text }, kinds: [setting.signal] })
    else group.kinds.push(setting.signal)
  }
  return [...groups.values()].map(({ finding, kinds }) => ({
    ...finding,
    text: kinds.length === SIGNALS.length ? finding.text : finding.text.replace(/\.$/, ` (${kinds.join(', ')}).`),
  }))
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

async function askEndpoint(setting: OtlpSetting, signal: AbortSignal): Promise<Finding> {
  const { url, protocol } = setting
  if (!isHttp(url)) {
    return toFinding(
      'problem',
      `${nameOf(setting)} is no URL: ${JSON.stringify(hideCredentials(url.slice(0, 200)))}.`,
      'Set it to http://HOST:PORT.',
    )
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ENDPOINT_TIMEOUT_MS)])
  try {
    if (protocol === 'grpc') {
      await openPort(new URL(url), limit)
      return toFinding('ok', `${url} takes connections; whether it speaks gRPC was not asked.`)
    }
    const isJson = protocol === 'http/json'
    const type = isJson ? 'application/json' : 'application/x-protobuf'
    // A request without anything in it is no byte in protobuf.
    const status = await post(url, { ...setting.headers, 'content-type': type }, isJson ? '{}' : '', limit)
    return judgeStatus(status, setting)
  } catch (error) {
    return explain(error, setting)
  }
}

function judgeStatus(status: number, setting: OtlpSetting): Finding {
  const { url, protocol } = setting
  if (status >= 200 && status < 300) return toFinding('ok', `${url} takes telemetry (${protocol}).`)
  if (status === 401 || status === 403) {
    return toFinding(
      'problem',
      `${url} refuses the credentials: status ${status}.`,
      'Set OTEL_EXPORTER_OTLP_HEADERS as whoever runs it says.',
    )
  }
  if (status === 404 || status === 405) {
    return toFinding(
      'problem',
      `${url} takes no telemetry at this path: status ${status}.`,
      'OTEL_EXPORTER_OTLP_ENDPOINT gets /v1/traces and the like added, the endpoint of a single kind does not.',
    )
  }
  if (status === 415) {
    const other = protocol === 'http/json' ? 'http/protobuf' : 'http/json'
    return toFinding(
      'problem',
      `${url} does not take ${protocol}: status 415.`,
      `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}.`,
    )
  }
  return toFinding(
    'warning',
    `${url} answers with status ${status} to a request with nothing in it.`,
    'Look at its log.',
  )
}

function explain(error: unknown, setting: OtlpSetting): Finding {
  const { url } = setting
  const { name, code, cause } = error as {
    readonly name?: string
    readonly code?: string
    readonly cause?: { readonly code?: string }
  }
  const reason = code ?? cause?.code ?? name ?? 'unknown'
  if (name === 'TimeoutError' || reason === 'ABORT_ERR') {
    return toFinding(
      'problem',
      `${url} did not answer within ${ENDPOINT_TIMEOUT_MS / 1000} s.`,
      'Look whether it runs, and what is between.',
    )
  }
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: `Nobody listens on ${url}.`,
    ENOTFOUND: `The name in ${url} does not resolve.`,
    EAI_AGAIN: `The name in ${url} does not resolve.`,
  }
  return toFinding(
    // What nobody has set may be set where it runs.
    setting.variable === undefined ? 'warning' : 'problem',
    known[reason] ?? `${url} cannot be reached (${reason}).`,
    `Start \`streamgauge view\`, which listens on port 4318, or set ${setting.variable ?? 'OTEL_EXPORTER_OTLP_ENDPOINT'} to where a collector is.`,
  )
}

function nameOf({ variable }: OtlpSetting): string {
  return variable ?? 'OTEL_EXPORTER_OTLP_ENDPOINT'
}

/** As exporters do: `fetch` refuses some ports that they take. */
function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const request = url.startsWith('https:') ? requestByHttps : requestByHttp
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent: false, signal })
      .once('error', reject)
      .once('response', (response) => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      })
      .end(body)
  })
}

function openPort({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: number, signal })
    socket.once('error', reject).once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}

function toFinding(level: Finding['level'], text: string, remedy?: string): Finding {
  return { level, subject: 'endpoint', text, remedy }
}
