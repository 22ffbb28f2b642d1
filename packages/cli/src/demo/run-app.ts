import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import type { Stop } from './tour.ts'

/** Name of the demo's service in its telemetry. */
export const SERVICE_NAME = 'streamgauge-demo'

/** Longest wait for bytes in the demo before a stream counts as stalled; the default would make a long tour. */
const STALL_THRESHOLD_MS = 3800

/** Longest that the application may take; it needs some seconds. */
const LIMIT_MS = 90_000

/** Settings of the user's own telemetry, SDK, proxy and Node.js would make the demo tell something else. */
const FOREIGN_SETTINGS =
  /^(OTEL_|STREAMGAUGE_|OPENAI_|AZURE_OPENAI_|NODE_OPTIONS$|NODE_USE_ENV_PROXY$|(HTTPS?|ALL|NO)_PROXY$)/i

/** A receiver, and the token that it wants, if any. */
export interface AppReceiver {
  readonly url: string
  readonly token?: string | undefined
}

/**
 * Runs the demo's application in a process of its own, instrumented as any application is: by `--import …/register`, and
 * with the standard OTLP exporters.
 *
 * @param receiver where its telemetry goes
 * @param signal kills it
 * @throws CliError with what it said last, where it does not end well; the signal's reason, once it is gone
 */
export async function runApp(
  stops: readonly Stop[],
  baseURL: string,
  receiver: AppReceiver,
  signal: AbortSignal,
): Promise<void> {
  const register = import.meta.resolve('@streamgauge/instrumentation-openai/register')
  const app = fileURLToPath(new URL('app.js', import.meta.url))
  const child = spawn(process.execPath, ['--import', register, app, JSON.stringify(inOrder(stops))], {
    env: { ...ownEnvironment(), ...demoEnvironment(baseURL, receiver) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
    // Its telemetry is of no use any more, so that it need not be given the time to send it.
    killSignal: 'SIGKILL',
    signal,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MAX_SAID)))
  const exit = await new Promise<Exit>((resolve, reject) => {
    // An abort is an error at once, but the process is gone only when it closes.
    child.once('error', (error) => {
      if (!signal.aborted) reject(new CliError('environment', `The app of the demo did not start: ${error.message}`))
    })
    child.once('close', (exitCode, endSignal) => resolve({ exitCode, endSignal }))
  })
  signal.throwIfAborted()
  if (exit.exitCode === 0) return
  const reason = child.killed ? `it took longer than ${LIMIT_MS / 1000} s` : describeExit(exit)
  throw new CliError(
    'environment',
    `The app of the demo did not end well (${reason}): ${said.trim() || 'it said nothing'}`,
  )
}

/** What is told by its timing comes last: an application that reads many streams beside it has other reasons to be late. */
function inOrder(stops: readonly Stop[]): readonly Stop[] {
  const isTimed = ({ expected }: Stop): boolean => expected.anomalies.some((type) => TIMED.has(type))
  return [...stops.filter((stop) => !isTimed(stop)), ...stops.filter(isTimed)]
}

const TIMED: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

interface Exit {
  readonly exitCode: number | null
  readonly endSignal: string | null
}

function describeExit({ exitCode, endSignal }: Exit): string {
  return endSignal === null ? `exit code ${exitCode}` : `ended by ${endSignal}`
}

/** Of what the application said, the last so many characters are told. */
const MAX_SAID = 2000

function ownEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN_SETTINGS.test(name)))
}

function demoEnvironment(baseURL: string, { url, token }: AppReceiver): Record<string, string> {
  return {
    OPENAI_BASE_URL: baseURL,
    OPENAI_API_KEY: 'none-needed',
    OTEL_SERVICE_NAME: SERVICE_NAME,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    ...(token === undefined
      ? {}
      : { OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${token}`)}` }),
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    STREAMGAUGE_CHUNK_SPANS: 'all',
    STREAMGAUGE_STALL_THRESHOLD_MS: `${STALL_THRESHOLD_MS}`,
  }
}
