import { openStore, startReceiver } from '@streamgauge/viewer'
import type { Finding } from '../finding.ts'
import { checkDoors } from './checks/doors.ts'
import { checkEndpoint } from './checks/endpoint.ts'
import { checkEnvironment } from './checks/environment.ts'
import { checkHere } from './checks/here.ts'
import { checkOpenTelemetry } from './checks/opentelemetry.ts'
import { checkOthers } from './checks/others.ts'
import { checkRun, readTelemetry, type RunTelemetry } from './checks/run.ts'
import { runCommand, type RunRecord } from './run-command.ts'
import type { Situation } from './situation.ts'

/** What is found without running anything of the application. */
export async function examine(situation: Situation, signal: AbortSignal): Promise<readonly Finding[]> {
  return [
    ...checkHere(situation),
    ...checkDoors(situation),
    ...checkOpenTelemetry(situation),
    ...checkEnvironment(situation),
    ...(await checkEndpoint(situation, signal)),
    ...checkOthers(situation),
  ]
}

/** A run of the application, and what came of it. */
export interface Examined {
  readonly run: RunRecord
  readonly telemetry: RunTelemetry
  readonly findings: readonly Finding[]
}

/** Runs the application, with a receiver of its own for its telemetry. @throws CliError where it does not start */
export async function examineRun(
  situation: Situation,
  settings: { readonly command: readonly string[]; readonly timeoutMs: number; readonly isJson: boolean },
): Promise<Examined> {
  const store = openStore()
  const receiver = await startReceiver({ port: 0, store })
  try {
    const run = await runCommand(situation, { ...settings, otlpUrl: receiver.url })
    const telemetry = readTelemetry(store)
    return { run, telemetry, findings: checkRun(run, telemetry, settings.timeoutMs) }
  } finally {
    await receiver.close()
    store.close()
  }
}
