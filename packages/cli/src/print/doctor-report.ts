import { LEVELS, type Finding } from '../finding.ts'
import { formatFindings } from './findings.ts'
import { plural } from './plural.ts'
import { paint } from './style.ts'

const TITLES: Readonly<Record<string, string>> = {
  here: 'Here',
  openai: 'openai',
  door: 'Doors',
  OpenTelemetry: 'OpenTelemetry',
  environment: 'Environment',
  endpoint: 'Endpoint',
  others: 'Other tools',
  run: 'This run',
}

/** What the doctor found, by what it is about, and what it comes to. */
export function formatDoctor(findings: readonly Finding[], width: number): string {
  const subjects = [...new Set(findings.map(({ subject }) => subject))]
  return [
    ...subjects.map((subject) => {
      const own = findings.filter((finding) => finding.subject === subject)
      return `${paint('bold', TITLES[subject] ?? subject)}\n${formatFindings(own, width)}`
    }),
    formatSummary(findings),
  ].join('\n\n')
}

function formatSummary(findings: readonly Finding[]): string {
  const counts = LEVELS.map((level) => findings.filter((finding) => finding.level === level).length)
  const [, notes = 0, warnings = 0, problems = 0] = counts
  const text = [plural(problems, 'problem'), plural(warnings, 'warning'), plural(notes, 'note')].join(', ')
  if (problems > 0) return paint('red', `✗ ${text}`)
  return warnings > 0 ? paint('yellow', `! ${text}`) : paint('green', `✓ ${text}`)
}
