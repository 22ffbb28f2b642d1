import type { ReadAnswer } from '../../src/api/answers.ts'
import type { FoundStream } from '../../src/queries/find-streams.ts'
import type { Stretch } from '../text/timeline.ts'

import { formatBytes, formatMs, plural } from '../text/units.ts'
import { axisMarks, length, longestWait, toStretches } from '../text/timeline.ts'
import { Card } from './card.tsx'

const NAMES: Readonly<Record<Stretch['kind'], string>> = {
  request: 'until the first read shown',
  wait: 'waiting for the network',
  idle: 'the application was busy',
  end: 'after the last read',
  silence: 'waiting for bytes that never came',
}

/** A mark of the axis beyond so much of it has no room for its text. */
const MAX_MARK_SHARE = 0.93

/** Reads as they came: when the network kept the application waiting, and when it was the other way round. */
export function Timeline(props: { readonly reads: readonly ReadAnswer[]; readonly stream: FoundStream }) {
  const { reads, stream } = props
  if (reads.length === 0) return <NoReads />
  const { durationMs, end, maxGapMs, reads: totalReads } = stream
  const isBroken = stream.outcome === 'broken'
  const stretches = toStretches({ reads, durationMs, end, maxGapMs })
  const endMs = Math.max(durationMs, ...stretches.map(({ toMs }) => toMs), 0.001)
  const longest = longestWait(stretches)
  const fits = (mark: number): boolean => mark < endMs * MAX_MARK_SHARE
  const sum = (kind: Stretch['kind']): number =>
    stretches.filter((one) => one.kind === kind).reduce((all, one) => all + length(one), 0)
  const note = `${formatMs(sum('wait') + sum('silence'))} network, ${formatMs(sum('idle'))} application`
  return (
    <Card title="Timeline" class="timeline" note={note}>
      <div class="axis-top" aria-hidden="true">
        {axisMarks(endMs)
          .filter(fits)
          .map((mark) => (
            <span key={mark} style={{ left: `${(mark / endMs) * 100}%` }}>
              {formatMs(mark)}
            </span>
          ))}
      </div>
      <Lanes {...{ stretches, endMs, longest, isBroken }} />
      <p class="legend">
        <span class="key wait">network wait</span>
        <span class="key idle">application busy</span>
        <span class="key request">before the first read, after the last</span>
        <span class="key read">a read, as high as it is long</span>
        {isBroken ? <span class="key broke">the end, where it broke</span> : null}
      </p>
      <p class="dim">
        {describeLongest(longest)}
        {totalReads !== null && totalReads > reads.length
          ? ` Of ${plural(totalReads, 'read')} the last ${reads.length} were kept; STREAMGAUGE_CHUNK_SPANS=all keeps more.`
          : ''}
      </p>
      <ReadTable stretches={stretches} longest={longest} />
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
  if (longest === null) return ''
  if (longest.read === null)
    return `The longest wait took ${formatMs(length(longest))}, after the last read: no byte came any more.`
  return `The longest wait between two reads took ${formatMs(length(longest))}, before read ${longest.read.index ?? '?'}.`
}

interface LanesProps {
  readonly stretches: readonly Stretch[]
  readonly endMs: number
  readonly longest: Stretch | null
  readonly isBroken: boolean
}

function Lanes({ stretches, endMs, longest, isBroken }: LanesProps) {
  const x = (ms: number): string => `${((ms / endMs) * 100).toFixed(3)}%`
  const biggest = Math.max(1, ...stretches.map(({ read }) => read?.size ?? 0))
  const waits = stretches.filter(({ kind }) => kind === 'wait').length
  return (
    <svg
      class="lanes"
      role="img"
      aria-label={`${plural(waits, 'read')} over ${formatMs(endMs)}; the table below has each`}
    >
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.5" height="5" />
        </pattern>
      </defs>
      {axisMarks(endMs).map((mark) => (
        <line key={mark} class="grid" x1={x(mark)} x2={x(mark)} y1="0" y2="100%" />
      ))}
      {stretches.map((one, i) => (
        <rect
          key={i}
          class={one === longest ? `${one.kind} longest` : one.kind}
          x={x(one.fromMs)}
          width={x(length(one))}
          y={one.kind === 'idle' ? 64 : 44}
          height="16"
        >
          <title>{`${NAMES[one.kind]}: ${formatMs(length(one))}`}</title>
        </rect>
      ))}
      {stretches.map(({ read, toMs }, i) => {
        if (read === null) return null
        const height = 3 + (36 * (read.size ?? 0)) / biggest
        const title = `read ${read.index ?? '?'}: ${formatBytes(read.size)} at ${formatMs(toMs)}`
        return (
          <rect key={i} class="read" x={x(toMs)} y={40 - height} width="2" height={height}>
            <title>{title}</title>
          </rect>
        )
      })}
      {isBroken ? <line class="broke" x1="100%" x2="100%" y1="0" y2="84" /> : null}
    </svg>
  )
}

/** Rows of the table; the picture above has them all. */
const MAX_TABLE_ROWS = 256

function ReadTable({
  stretches,
  longest,
}: {
  readonly stretches: readonly Stretch[]
  readonly longest: Stretch | null
}) {
  const rows = stretches.flatMap((one, i) => {
    const before = stretches[i - 1]
    return one.read === null ? [] : [{ one, read: one.read, idleMs: before?.kind === 'idle' ? length(before) : 0 }]
  })
  return (
    <details>
      <summary>{`Table of ${plural(rows.length, 'read')}`}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Reads">
        <table class="reads-table">
          <thead>
            <tr>
              {['read', 'at', 'network wait', 'application before', 'byte offset', 'size'].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(-MAX_TABLE_ROWS).map(({ one, read, idleMs }, i) => (
              <tr key={i} class={one === longest ? 'longest' : ''}>
                <td class="number">{read.index ?? '–'}</td>
                <td class="number">{formatMs(one.toMs)}</td>
                <td class="number">{formatMs(length(one))}</td>
                <td class="number">{formatMs(idleMs)}</td>
                <td class="number">{read.offset ?? '–'}</td>
                <td class="number">{formatBytes(read.size)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
