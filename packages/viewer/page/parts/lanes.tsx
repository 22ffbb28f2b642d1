import type { Stretch } from '../text/timeline.ts'

import { axisMarks, length } from '../text/timeline.ts'
import { formatBytes, formatMs, plural } from '../text/units.ts'

const NAMES: Readonly<Record<Stretch['kind'], string>> = {
  request: 'until the first read',
  unrecorded: 'reads that were not kept',
  wait: 'waiting for the network',
  idle: 'the application was busy',
  end: 'after the last read',
  silence: 'waiting for bytes that never came',
}

/** Heights of the lanes, from top to bottom, in pixels. */
const READS = { top: 4, height: 36 }
const NETWORK = { top: 50, height: 18 }
const APPLICATION = { top: 78, height: 18 }

/** Bottom of the drawing, as in the style sheet. */
const HEIGHT = 104

/** A mark of the axis beyond so much of it has no room for its text. */
const MAX_MARK_SHARE = 0.87

/** A wait that takes less of the time has no room for its length. */
const MIN_LABELLED_SHARE = 0.12

/** The time of a stream in lanes: the reads, the network, the application. */
export function Lanes(props: {
  readonly stretches: readonly Stretch[]
  readonly durationMs: number
  readonly longest: Stretch | null
  readonly isBroken: boolean
}) {
  const { stretches, durationMs, longest, isBroken } = props
  const endMs = Math.max(durationMs, ...stretches.map(({ toMs }) => toMs), 0.001)
  const marks = axisMarks(endMs)
  const x = (ms: number): string => `${((ms / endMs) * 100).toFixed(3)}%`
  const waits = stretches.filter(({ kind }) => kind === 'wait').length
  return (
    <div class="lanes">
      <div class="axis-top" aria-hidden="true">
        {marks
          .filter((mark) => mark < endMs * MAX_MARK_SHARE)
          .map((mark) => (
            <span key={mark} style={{ left: x(mark) }}>
              {mark === 0 ? '0' : formatMs(mark)}
            </span>
          ))}
      </div>
      <div class="names" aria-hidden="true">
        <span>reads</span>
        <span>network</span>
        <span>application</span>
      </div>
      <svg
        role="img"
        aria-label={`${plural(waits, 'read')} over ${formatMs(endMs)}${waits === 0 ? '' : '; the table below has each'}`}
      >
        <defs>
          <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2.5" height="5" />
          </pattern>
        </defs>
        {marks.map((mark) => (
          <line key={mark} class="grid" x1={x(mark)} x2={x(mark)} y1="0" y2="100%" />
        ))}
        {stretches.map((one, i) => (
          <Bar
            key={i}
            one={one}
            x={x}
            isLongest={one === longest}
            isLabelled={length(one) > endMs * MIN_LABELLED_SHARE}
          />
        ))}
        <Reads stretches={stretches} x={x} />
        {isBroken ? <line class="broke" x1="100%" x2="100%" y1="0" y2={HEIGHT} /> : null}
      </svg>
    </div>
  )
}

function Bar(props: {
  readonly one: Stretch
  readonly x: (ms: number) => string
  readonly isLongest: boolean
  readonly isLabelled: boolean
}) {
  const { one, x, isLongest, isLabelled } = props
  const { top, height } = one.kind === 'idle' ? APPLICATION : NETWORK
  const classes = [one.kind, one.isInferred ? 'inferred' : '', isLongest ? 'longest' : '']
  return (
    <g class={classes.filter(Boolean).join(' ')}>
      <title>{`${NAMES[one.kind]}: ${formatMs(length(one))}${one.isInferred ? ', worked out' : ''}`}</title>
      <rect x={x(one.fromMs)} width={x(length(one))} y={top} height={height} />
      {isLabelled ? (
        <text x={x((one.fromMs + one.toMs) / 2)} y={top + height / 2 + 4} text-anchor="middle">
          {formatMs(length(one))}
        </text>
      ) : null}
    </g>
  )
}

/** Each read as a line, as high as it has bytes. */
function Reads({ stretches, x }: { readonly stretches: readonly Stretch[]; readonly x: (ms: number) => string }) {
  const biggest = Math.max(1, ...stretches.map(({ read }) => read?.size ?? 0))
  return (
    <>
      {stretches.map(({ read, toMs }, i) => {
        if (read === null) return null
        const height = 3 + ((READS.height - 3) * (read.size ?? 0)) / biggest
        return (
          <rect key={i} class="read" x={x(toMs)} y={READS.top + READS.height - height} width="2" height={height}>
            <title>{`read ${read.index ?? '?'}: ${formatBytes(read.size)} at ${formatMs(toMs)}`}</title>
          </rect>
        )
      })}
    </>
  )
}
