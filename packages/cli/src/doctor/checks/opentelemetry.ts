import type { Finding } from '../../finding.ts'
import { doorOf } from '../preloads.ts'
import { copiesOf, versionsOf, type Situation } from '../situation.ts'
import { isInCaret, parseVersion } from '../versions.ts'

const API = '@opentelemetry/api'
const SDK = '@opentelemetry/sdk-node'

/** The copies of OpenTelemetry's API, and its SDK. */
export function checkOpenTelemetry(situation: Situation): readonly Finding[] {
  // Outside of a project there is nothing to miss.
  if (situation.project.root === null && situation.found.packages.length === 0) return []
  return [...checkApi(situation), ...checkSdk(situation)]
}

function checkApi(situation: Situation): Finding[] {
  const copies = copiesOf(situation, API)
  const versions = versionsOf(copies)
  const wanted = situation.peers[API] ?? ''
  if (versions.length === 0) {
    return [problem(`${API} is not installed.`, `npm install ${API}@"${wanted}"`)]
  }
  const old = versions.filter((version) => !isInCaret(version, wanted))
  const findings: Finding[] = old.map((version) =>
    problem(
      `${API} ${version} is not what our instrumentation needs (${wanted}).`,
      `npm install ${API}@"${wanted}", and see with \`npm ls ${API}\` who wants the other.`,
    ),
  )
  const majors = new Set(versions.map((version) => parseVersion(version)[0]))
  if (majors.size > 1) {
    findings.push(
      problem(
        `Two majors of ${API} are installed (${versions.join(', ')}): what is registered with one is not seen by the other.`,
        `See with \`npm ls ${API}\` who wants the other, and update it.`,
      ),
    )
  } else if (versions.length > 1) {
    findings.push({
      level: 'warning',
      subject: 'OpenTelemetry',
      text: `${versions.length} versions of ${API} are installed (${versions.join(', ')}): a newer one does not see what an older one registered.`,
      why: copies.map(({ path }) => path).join(', '),
      remedy: `\`npm dedupe\`, or an override, leaves one of them.`,
    })
  } else if (old.length === 0) {
    findings.push({ level: 'ok', subject: 'OpenTelemetry', text: `${API} ${versions.join('')}.` })
  }
  return findings
}

function checkSdk(situation: Situation): Finding[] {
  const versions = versionsOf(copiesOf(situation, SDK))
  const wanted = situation.peers[SDK] ?? ''
  const isNeeded = [...situation.nodeOptions, ...situation.starts.flatMap(({ preloads }) => preloads)].some(
    (preload) => doorOf(preload) === 'register',
  )
  if (versions.length === 0) {
    return [
      {
        level: isNeeded ? 'problem' : 'note',
        subject: 'OpenTelemetry',
        text: `${SDK} is not installed, which the door /register needs.`,
        remedy: `npm install ${SDK}@"${wanted}"`,
      },
    ]
  }
  return versions.map((version) =>
    isInCaret(version, wanted)
      ? { level: 'ok', subject: 'OpenTelemetry', text: `${SDK} ${version}.` }
      : {
          level: 'warning',
          subject: 'OpenTelemetry',
          text: `${SDK} ${version} is another than our instrumentation is tested with (${wanted}).`,
          remedy: `npm install ${SDK}@"${wanted}"`,
        },
  )
}

function problem(text: string, remedy: string): Finding {
  return { level: 'problem', subject: 'OpenTelemetry', text, remedy }
}
