import type { ReadAnswer } from '../../src/api/answers.ts'
import type { FoundStream } from '../../src/queries/find-streams.ts'
import type { Stretch } from '../text/timeline.ts'

import { ATTR } from '@streamgauge/core/semconv'

import { formatMs, plural } from '../text/units.ts'
import { length, longestWait, sumOf, toStretches } from '../text/timeline.ts'
import { Card } from './card.tsx'
import { Lanes } from './lanes.tsx'
import { ReadTable } from './read-table.tsx'

/** A wait that nobody would notice is not told of. */
const MIN_TOLD_MS = 1

/** What takes less of the time is not seen. */
const MIN_TOLD_SHARE = 0.005

/** Reads as they came: when the network kept the application waiting, and when it was the other way round. */
export function Timeline(props: { readonly reads: readonly ReadAnswer[]; readonly stream: FoundStream }) {
  const { reads, stream } = props
  if (reads.length === 0 && stream.reads !== 0) return <NoReads />
  const { durationMs, end, maxGapMs, reads: totalReads } = stream
  const idle = stream.attributes[ATTR.CONSUMER_IDLE]
  const consumerIdleMs = typeof idle === 'number' ? idle * 1000 : null
  const stretches = toStretches({ reads, durationMs, end, maxGapMs, consumerIdleMs })
  const longest = longestWait(stretches)
  const isBroken = stream.outcome === 'broken'
  const hasKind = (...kinds: readonly Stretch['kind'][]): boolean => stretches.some(({ kind }) => kinds.includes(kind))
  const note = `${formatMs(sumOf(stretches, 'wait', 'silence'))} network, ${formatMs(sumOf(stretches, 'idle'))} application`
  return (
    <Card title="Timeline" class="timeline" note={note}>
      <Lanes {...{ stretches, durationMs, longest, isBroken }} />
      <p class="legend">
        {hasKind('request') ? <span class="key request">until the first read</span> : null}
        {hasKind('unrecorded') ? <span class="key unrecorded">reads that were not kept</span> : null}
        {hasKind('wait', 'silence') ? <span class="key wait">waiting for the network</span> : null}
        {hasKind('idle') ? <span class="key idle">the application was busy</span> : null}
        {hasKind('end') ? <span class="key request">after the last read</span> : null}
        {stretches.some((one) => one.isInferred && length(one) > durationMs * MIN_TOLD_SHARE) ? (
          <span class="key inferred">outlined: no read tells of it; from the end of the span and its sums</span>
        ) : null}
        {isBroken ? <span class="key broke">where it broke</span> : null}
      </p>
      <p class="dim">
        {describeLongest(longest)}
        {totalReads !== null && totalReads > reads.length
          ? ` Of ${plural(totalReads, 'read')} the last ${reads.length} were kept; STREAMGAUGE_CHUNK_SPANS=all keeps more.`
          : ''}
      </p>
      {reads.length === 0 ? null : <ReadTable stretches={stretches} longest={longest} />}
    </Card>
  )
}

function NoReads() {
  return (
    <Card title="Timeline">
      <p class="dim">
        No reads of this stream were recorded: they are for streams that break, or for all with
        STREAMGAUGE_CHUNK_SPANS=all.
      </p>
    </Card>
  )
}

function describeLongest(longest: Stretch | null): string {
  if (longest === null || length(longest) < MIN_TOLD_MS) return ''
  const took = formatMs(length(longest))
  if (longest.read === null) return `The longest wait took ${took}, after the last read: no byte came any more.`
  return `The longest wait between two reads took ${took}, before read ${longest.read.index ?? '?'}.`
}
