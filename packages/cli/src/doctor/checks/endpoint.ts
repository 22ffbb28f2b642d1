import { connect } from 'node:net'
import type { Finding } from '../../finding.ts'
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
  const origin = ({ url }: OtlpSetting): string => (URL.canParse(url) ? new URL(url).origin : url)
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

async function askEndpoint(setting: OtlpSetting, signal: AbortSignal): Promise<Finding> {
  const { url, protocol } = setting
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return finding(
      'problem',
      `${nameOf(setting)} is no URL: ${JSON.stringify(url.slice(0, 200))}.`,
      'Set it to http://HOST:PORT.',
    )
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ENDPOINT_TIMEOUT_MS)])
  try {
    if (protocol === 'grpc') {
      await openPort(new URL(url), limit)
      return finding('ok', `${url} takes connections; whether it speaks gRPC was not asked.`)
    }
    const isJson = protocol === 'http/json'
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...setting.headers, 'content-type': isJson ? 'application/json' : 'application/x-protobuf' },
      // A request without anything in it is no byte in protobuf.
      body: isJson ? '{}' : new Uint8Array(0),
      signal: limit,
      redirect: 'manual',
    })
    await response.body?.cancel()
    return judgeStatus(response.status, setting)
  } catch (error) {
    return explain(error, setting)
  }
}

function judgeStatus(status: number, setting: OtlpSetting): Finding {
  const { url, protocol } = setting
  if (status >= 200 && status < 300) return finding('ok', `${url} takes telemetry (${protocol}).`)
  if (status === 401 || status === 403) {
    return finding(
      'problem',
      `${url} refuses the credentials: status ${status}.`,
      'Set OTEL_EXPORTER_OTLP_HEADERS as whoever runs it says.',
    )
  }
  if (status === 404 || status === 405) {
    return finding(
      'problem',
      `${url} takes no telemetry at this path: status ${status}.`,
      'OTEL_EXPORTER_OTLP_ENDPOINT gets /v1/traces and the like added, the endpoint of a single kind does not.',
    )
  }
  if (status === 415) {
    const other = protocol === 'http/json' ? 'http/protobuf' : 'http/json'
    return finding(
      'problem',
      `${url} does not take ${protocol}: status 415.`,
      `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}.`,
    )
  }
  return finding('warning', `${url} answers with status ${status} to a request with nothing in it.`, 'Look at its log.')
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
    return finding(
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
  return finding(
    // What nobody has set may be set where it runs.
    setting.variable === undefined ? 'warning' : 'problem',
    known[reason] ?? `${url} cannot be reached (${reason}).`,
    `Start \`streamgauge view\`, which listens on port 4318, or set ${setting.variable ?? 'OTEL_EXPORTER_OTLP_ENDPOINT'} to where a collector is.`,
  )
}

function nameOf({ variable }: OtlpSetting): string {
  return variable ?? 'OTEL_EXPORTER_OTLP_ENDPOINT'
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

function finding(level: Finding['level'], text: string, remedy?: string): Finding {
  return { level, subject: 'endpoint', text, remedy }
}
