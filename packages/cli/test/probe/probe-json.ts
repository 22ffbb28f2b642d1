import type { Finding } from '../../src/finding.ts'
import type { ProbeResult } from '../../src/probe/run-probe.ts'
import { runCli } from '../run-cli.ts'

/** What `probe --json` printed, and how it ended. */
export interface ProbeRun {
  readonly probes: readonly ProbeResult[]
  readonly comparison: readonly Finding[] | null
  readonly exitCode: number | null
  readonly stderr: string
}

/** Runs `streamgauge probe --json --yes`. */
export async function probeJson(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProbeRun> {
  const { stdout, stderr, exitCode } = await runCli(['probe', ...args, '--json', '--yes'], {
    env: { ...NO_PROXY, ...env },
  })
  if (stdout === '') throw new Error(`probe printed nothing, and ended with ${exitCode}: ${stderr}`)
  const printed = JSON.parse(stdout) as Omit<ProbeRun, 'stderr'>
  if (printed.exitCode !== exitCode) throw new Error(`It says ${printed.exitCode}, and ended with ${exitCode}.`)
  return { ...printed, stderr }
}

/** Proxies of whoever runs the tests would stand between. */
export const NO_PROXY: Readonly<Record<string, string>> = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].map(
    (name) => [name, ''],
  ),
)
