import type { RunTelemetry } from '../../src/doctor/checks/run.ts'
import type { RunRecord } from '../../src/doctor/run-command.ts'
import type { Finding, Level } from '../../src/finding.ts'
import { BIN, startProcess, type CliRun } from '../run-cli.ts'

/** What `doctor --json` printed, and how it ended. */
export interface DoctorRun {
  readonly findings: readonly Finding[]
  readonly level: Level
  readonly run: RunRecord | null
  readonly telemetry: RunTelemetry | null
  readonly exitCode: number | null
  readonly stderr: string
}

/** Runs `streamgauge doctor --json` in a folder. */
export async function doctorJson(
  folder: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<DoctorRun> {
  const { stdout, stderr, exitCode } = await doctorIn(folder, ['--json', ...args], env)
  if (stdout === '') throw new Error(`doctor printed nothing, and ended with ${exitCode}: ${stderr}`)
  const printed = JSON.parse(stdout) as Omit<DoctorRun, 'stderr'>
  if (printed.exitCode !== exitCode) throw new Error(`It says ${printed.exitCode}, and ended with ${exitCode}.`)
  return { ...printed, stderr }
}

/** Runs `streamgauge doctor` in a folder. */
export function doctorIn(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  return startProcess(process.execPath, [BIN, 'doctor', ...args], { cwd: folder, env }).ended
}

/** The findings about something, as `level: text`. */
export function about({ findings }: Pick<DoctorRun, 'findings'>, subject: string): readonly string[] {
  return findings.filter((finding) => finding.subject === subject).map(({ level, text }) => `${level}: ${text}`)
}
