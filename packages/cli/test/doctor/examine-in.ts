import { examine } from '../../src/doctor/examine.ts'
import { readSituation } from '../../src/doctor/read-situation.ts'
import type { Finding } from '../../src/finding.ts'

/** What the doctor finds in a folder with this environment, without a process of its own. */
export async function examineIn(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly findings: readonly Finding[] }> {
  const situation = readSituation(folder, env, [])
  // The instrumentation reads its options by itself.
  const before = process.env
  process.env = { ...env }
  try {
    return { findings: await examine(situation, new AbortController().signal) }
  } finally {
    process.env = before
  }
}
