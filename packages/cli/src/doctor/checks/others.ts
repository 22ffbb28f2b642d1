import type { Finding } from '../../finding.ts'
import { OTHER_TOOLS } from '../known-packages.ts'
import { copiesOf, versionsOf, type Situation } from '../situation.ts'

/** What else watches openai. */
export function checkOthers(situation: Situation): readonly Finding[] {
  const findings = OTHER_TOOLS.flatMap(({ name, packages, level, effect, remedy }): Finding[] => {
    const installed = packages.flatMap((packageName) =>
      versionsOf(copiesOf(situation, packageName)).map((version) => `${packageName} ${version}`),
    )
    if (installed.length === 0) return []
    return [{ level, subject: 'others', text: `${name} is installed (${installed.join(', ')}): it ${effect}.`, remedy }]
  })
  if (findings.length > 0 || situation.found.packages.length === 0) return findings
  return [{ level: 'ok', subject: 'others', text: 'Nothing else that watches openai is installed.' }]
}
