import type { StreamBlock } from '../stream-index/stream-block.ts'
import type { StreamGroup } from '../stream-index/stream-groups.ts'
import type { StreamColumns } from '../stream-index/stream-columns.ts'

/** What streams can be told apart by; `undefined` lets all through. */
export interface StreamConditions {
  readonly service?: string | undefined
  readonly model?: string | undefined
  readonly host?: string | undefined
  readonly outcome?: string | undefined
  readonly fault?: string | undefined
  readonly cause?: string | undefined
  /** Words, each of which is a part of a model, host, service, outcome, fault, cause, anomaly or id, in whatever case. */
  readonly text?: string | undefined
  /** Milliseconds since 1970: those that began then or later. */
  readonly sinceMs?: number | undefined
  /** Those that began before then. */
  readonly untilMs?: number | undefined
}

/** Calls `visit` for each stream that meets the conditions, the newest to come first. */
export function walkStreams(
  columns: StreamColumns,
  conditions: StreamConditions,
  visit: (block: StreamBlock, row: number) => void,
): void {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = conditions
  const terms = (conditions.text ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  // What many streams have in common is looked at once: what is left to each is the time, and the terms of the search that
  // its group lacks.
  const missing = columns.groups.map((group) =>
    group !== undefined && meets(group, conditions) ? terms.filter((term) => !group.words.includes(term)) : undefined,
  )
  for (const block of columns.blocks.toReversed()) {
    for (let row = block.to - 1; row >= block.from; row -= 1) {
      const wanted = missing[block.groups[row] ?? 0]
      if (wanted === undefined) continue
      const startMs = block.startMs[row] ?? 0
      if (startMs < sinceMs || startMs >= untilMs) continue
      if (wanted.length === 0 || hasAll(block.words[row] ?? '', wanted)) visit(block, row)
    }
  }
}

function meets(group: StreamGroup, { service, model, host, outcome, fault, cause }: StreamConditions): boolean {
  return (
    (service === undefined || group.service === service) &&
    (model === undefined || group.model === model) &&
    (host === undefined || group.host === host) &&
    (outcome === undefined || group.outcome === outcome) &&
    (fault === undefined || group.errorType === fault) &&
    (cause === undefined || group.cause === cause)
  )
}

function hasAll(words: string, terms: readonly string[]): boolean {
  for (const term of terms) if (!words.includes(term)) return false
  return true
}
