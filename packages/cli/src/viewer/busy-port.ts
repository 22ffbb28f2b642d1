import { CliError } from '../cli-error.ts'
import { askYesNo, canAsk } from '../ask.ts'
import { escapeForTerminal } from '../print/escape.ts'
import { findFreePort } from './free-port.ts'
import { describePortHolder } from './port-holder.ts'
import { addressUrl } from './receiver-urls.ts'

/** A port that can't be had. */
export interface BusyPort {
  readonly port: number
  readonly host: string
}

/**
 * Says who might hold the port, and offers another.
 *
 * @returns the other port, if whoever sits there takes it
 * @throws CliError with what to do, if not, or if nobody can be asked. The signal's reason when that ends the question
 */
export async function offerOtherPort({ port, host }: BusyPort, signal: AbortSignal): Promise<number> {
  const taken = `Port ${port} on ${host} is taken ${await describePortHolder(port, host)}`
  const other = await findFreePort(port, host)
  const asks = canAsk()
  if (asks && (await askYesNo(`${escapeForTerminal(taken)}.\nUse ${other} instead?`, signal))) return other
  const remedy =
    `run \`streamgauge view --port ${other}\`, ` +
    `with OTEL_EXPORTER_OTLP_ENDPOINT=${addressUrl(host, other)} set where your app runs.`
  throw new CliError(
    'environment',
    asks ? `Stop what listens on port ${port}, or ${remedy}` : `${taken}: stop it, or ${remedy}`,
  )
}

/** Takes whatever port is free, and says so. */
export async function takeFreePort({ port, host }: BusyPort): Promise<number> {
  const taken = `Port ${port} on ${host} is taken ${await describePortHolder(port, host)}`
  process.stderr.write(`${escapeForTerminal(taken)}; the demo has an app of its own, and takes another port.\n`)
  return 0
}
