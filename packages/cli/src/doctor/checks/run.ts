import { ATTR, METRIC } from '@streamgauge/core/semconv'
import { listStreams, type Store } from '@streamgauge/viewer'
import type { Finding } from '../../finding.ts'
import { plural } from '../../print/plural.ts'
import { INSTRUMENTATION } from '../known-packages.ts'
import type { RunRecord } from '../run-command.ts'
import { isAtLeast, OLDEST_NODE } from '../versions.ts'

/** What the telemetry of a run says. */
export interface RunTelemetry {
  /** Versions of openai that were hooked. */
  readonly hooked: readonly string[]
  /** Streams that ended, by their outcome. */
  readonly streams: Readonly<Record<string, number>>
  /** The codes of those that broke, as far as there are spans of them. */
  readonly faults: readonly string[]
  /** Other scopes that made spans of a model's answers. */
  readonly otherScopes: readonly string[]
  /** Anything came at all. */
  readonly hasAny: boolean
}

/** Reads what the application has sent. */
export function readTelemetry(store: Store): RunTelemetry {
  const texts = (sql: string, parameters: Readonly<Record<string, string>>): string[] =>
    store.select(sql, parameters).map(({ value }) => String(value))
  const ended = store.select(
    `SELECT json_extract(attributes, '$."' || :outcome || '"') AS outcome, sum(total) AS total
     FROM metric_series WHERE name = :name GROUP BY outcome`,
    { name: METRIC.ENDED, outcome: ATTR.OUTCOME },
  )
  const [counts] = store.select('SELECT (SELECT count(*) FROM spans) + (SELECT count(*) FROM metric_series) AS total')
  return {
    hooked: texts(
      `SELECT DISTINCT json_extract(attributes, '$."' || :version || '"') AS value FROM metric_series
       WHERE name = :name ORDER BY value`,
      { name: METRIC.WATCHED, version: ATTR.SDK_VERSION },
    ),
    streams: Object.fromEntries(
      ended.filter(({ total }) => Number(total) > 0).map(({ outcome, total }) => [String(outcome), Number(total)]),
    ),
    faults: [...new Set(listStreams(store).flatMap(({ errorType }) => errorType ?? []))],
    otherScopes: texts(
      `SELECT DISTINCT scope_name AS value FROM spans WHERE scope_name <> :own
       AND (scope_name LIKE '%openai%' OR attributes LIKE '%"gen_ai.operation.name"%') ORDER BY value`,
      { own: INSTRUMENTATION },
    ),
    hasAny: Number(counts?.['total'] ?? 0) > 0,
  }
}

/** What really happened in a run of the application. */
export function checkRun(run: RunRecord, telemetry: RunTelemetry, timeoutMs: number): readonly Finding[] {
  return [
    ...aboutEnd(run, timeoutMs),
    ...aboutDoor(run),
    ...run.warnings.map((text): Finding => ({ level: 'problem', subject: 'run', text })),
    ...aboutHooks(run, telemetry),
    ...aboutStreams(telemetry),
    ...telemetry.otherScopes.map((scope): Finding => ({
      level: 'warning',
      subject: 'run',
      text: `${scope} made spans of model answers as well: each request may show twice.`,
      remedy: 'Take one of the two away to have one span for a request.',
    })),
  ]
}

function aboutEnd({ exitCode, endSignal, wasStopped, nodeVersions }: RunRecord, timeoutMs: number): Finding[] {
  const others = nodeVersions.filter((version) => version !== process.versions.node)
  const findings: Finding[] = others.map((version) =>
    isAtLeast(version, OLDEST_NODE)
      ? {
          level: 'note',
          subject: 'run',
          text: `It runs with Node.js ${version}, and the doctor with ${process.versions.node}.`,
        }
      : {
          level: 'problem',
          subject: 'run',
          text: `It runs with Node.js ${version}, which is not supported.`,
          remedy: 'Update Node.js to 22.15 or newer.',
        },
  )
  if (nodeVersions.length === 0) {
    findings.push({
      level: 'problem',
      subject: 'run',
      text: 'No Node.js ran in it that reads NODE_OPTIONS: nothing could be hooked.',
      remedy: 'Give the command that starts Node.js, such as `node app.mjs`.',
    })
  }
  if (wasStopped) {
    findings.push({
      level: 'note',
      subject: 'run',
      text: `It was told to end after ${timeoutMs / 1000} s.`,
      remedy: 'A server does not end by itself: use it meanwhile, with more time by --timeout.',
    })
  } else if (exitCode !== 0 && endSignal !== 'SIGINT') {
    findings.push({
      level: 'warning',
      subject: 'run',
      text: endSignal === null ? `It ended with exit code ${exitCode}.` : `It was ended by ${endSignal}.`,
      remedy: 'Look at what it said; what it did not come to is not judged.',
    })
  }
  return findings
}

function aboutDoor({ addedDoor }: RunRecord): Finding[] {
  if (addedDoor === null) return []
  const whose = addedDoor.isProjects ? 'that of the project' : "the doctor's own, since the project has none"
  return [
    {
      level: 'warning',
      subject: 'run',
      text: `Its command has no door of ours: for this run it was given /register (${whose}).`,
      remedy: `Without it, nothing is hooked but by instrumentOpenAI(): start it with --import ${INSTRUMENTATION}/register.`,
    },
  ]
}

function aboutHooks(run: RunRecord, { hooked, hasAny }: RunTelemetry): Finding[] {
  if (hooked.length > 0) {
    return hooked.map((version) => ({
      level: 'ok',
      subject: 'run',
      text:
        version === 'unknown'
          ? 'The classes that were given to instrumentOpenAI are watched.'
          : `openai ${version} was hooked.`,
    }))
  }
  // A warning that it is not watched says all.
  if (run.nodeVersions.length === 0 || run.warnings.length > 0) return []
  return [
    hasAny
      ? {
          level: 'warning',
          subject: 'run',
          text: 'No openai was hooked: it was not loaded in this run, or not through a door.',
          remedy: 'Let it come to its first request; a bundle needs instrumentOpenAI({ OpenAI, Stream }) inside.',
        }
      : {
          level: 'problem',
          subject: 'run',
          text: 'No openai was hooked, and no telemetry came: openai was not loaded in this run, or no SDK was started.',
          why: 'an exporter that code sends elsewhere, and an end by process.exit(), look the same',
          remedy: 'Let it come to its first request; /register starts an SDK.',
        },
  ]
}

function aboutStreams({ streams, faults }: RunTelemetry): Finding[] {
  const total = Object.values(streams).reduce((sum, count) => sum + count, 0)
  if (total === 0) {
    return [{ level: 'note', subject: 'run', text: 'No stream was seen in this run.' }]
  }
  const codes = faults.length === 0 ? '' : ` (${faults.join(', ')})`
  const list = Object.entries(streams).map(
    ([outcome, count]) => `${count} ${outcome}${outcome === 'broken' ? codes : ''}`,
  )
  return [{ level: 'ok', subject: 'run', text: `${plural(total, 'stream')} seen: ${list.join(', ')}.` }]
}
