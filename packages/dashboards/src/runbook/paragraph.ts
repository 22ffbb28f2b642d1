import { describeAnomaly, describeFault, type AnomalyType, type FaultCode } from '@streamgauge/core'
import type { Alert } from '../alerts/alert.ts'

/** What to do when an alert fires, as Markdown without its heading; causes and remedies are those of the catalogue. */
export function runbookParagraph({ severity, runbook }: Alert): string {
  const { meaning, look, faults, anomalies, ends } = runbook
  const steps = look.map((step, i) => `${i + 1}. ${step}`)
  const parts = [`**${severity}.** ${meaning}`, '**Look at**', steps.join('\n')]
  const found = [...faults.map(faultRow), ...anomalies.map(anomalyRow)]
  if (found.length > 0) {
    parts.push('**What it can be**')
    parts.push(['| found | what was seen | likely causes | remedy |', '| --- | --- | --- | --- |', ...found].join('\n'))
  }
  parts.push(`**It ends** ${ends[0]?.toLowerCase() ?? ''}${ends.slice(1)}`)
  return parts.join('\n\n')
}

function faultRow(code: FaultCode): string {
  const { meaning, causes, remedy } = describeFault(code) ?? unknown(code)
  return row(code, meaning, causes, remedy)
}

function anomalyRow(type: AnomalyType): string {
  const { meaning, causes, remedy } = describeAnomaly(type) ?? unknown(type)
  return row(type, meaning, causes, remedy)
}

function row(name: string, meaning: string, causes: readonly string[], remedy: string): string {
  const cells = [`\`${name}\``, meaning, causes.map((cause) => `\`${cause}\``).join(', '), remedy]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function unknown(code: string): never {
  throw new Error(`the catalogue has no ${code}`)
}
