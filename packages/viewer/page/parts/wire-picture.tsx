import type { PictureEnd, PlacedPiece, WirePicture as Picture } from '../text/wire-pictures.ts'

import { describePicture, placePieces } from '../text/wire-pictures.ts'

/** Size of every picture, so that all of them have one scale. */
const WIDTH = 330
const HEIGHT = 74

/** Blocks stand between these, on the wire in their middle. */
const TOP = 18
const BLOCK = 26
const WIRE = TOP + BLOCK / 2

/** Events that are drawn where many come at once. */
const BURST_EVENTS = 5

/** A small drawing of what comes over the wire, from left to right. */
export function WirePicture({ picture, tone }: { readonly picture: Picture; readonly tone: 'fault' | 'anomaly' }) {
  const { placed, endX } = placePieces(picture.pieces)
  return (
    <svg
      class={`wire-picture ${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={describePicture(picture)}
    >
      <line class="wire" x1="0" x2={endX} y1={WIRE} y2={WIRE} />
      {placed.map((piece) => (
        <Block key={piece.x} piece={piece} />
      ))}
      <End end={picture.end} x={endX} />
    </svg>
  )
}

function Block({ piece }: { readonly piece: PlacedPiece }) {
  const { kind, x, width, text, note, isOdd = false } = piece
  const middle = x + width / 2
  return (
    <g class={isOdd ? `${kind} odd` : kind}>
      <Shape {...{ kind, x, width }} />
      {text === undefined ? null : (
        <text class="inside" x={middle} y={WIRE + 3.5} text-anchor="middle">
          {text}
        </text>
      )}
      {note === undefined ? null : (
        <text class="note" x={middle} y={TOP + BLOCK + 16} text-anchor="middle">
          {note}
        </text>
      )}
    </g>
  )
}

function Shape({ kind, x, width }: Pick<PlacedPiece, 'kind' | 'x' | 'width'>) {
  if (kind === 'wait') {
    return (
      <>
        <rect class="ground" x={x} y={WIRE - 3} width={width} height="6" />
        <line x1={x} x2={x + width} y1={WIRE} y2={WIRE} />
      </>
    )
  }
  if (kind === 'half') {
    const [right, step] = [x + width, BLOCK / 4]
    return <path d={`M${right - 4} ${TOP}H${x}v${BLOCK}H${right - 4}l4 ${-step}l-4 ${-step}l4 ${-step}z`} />
  }
  if (kind === 'burst') {
    const each = width / BURST_EVENTS
    return (
      <>
        {Array.from({ length: BURST_EVENTS }, (_, i) => (
          <rect key={i} x={x + i * each} y={TOP} width={each - 1} height={BLOCK} rx="1" />
        ))}
      </>
    )
  }
  return <rect x={x} y={TOP} width={width} height={BLOCK} rx={kind === 'headers' ? BLOCK / 2 : 2} />
}

function End({ end, x }: { readonly end: PictureEnd; readonly x: number }) {
  return (
    <g class={`end ${end.kind}`}>
      {end.kind === 'eof' ? <line x1={x} x2={x} y1={TOP - 6} y2={TOP + BLOCK + 6} /> : null}
      {end.kind === 'break' ? <path d={`M${x} ${WIRE - 6}l12 12m0 -12l-12 12`} /> : null}
      {end.kind === 'timer' ? <path d={`M${x + 7} ${WIRE - 7}a7 7 0 1 0 .01 0zm0 2.5v5l3 2`} /> : null}
      <text x={x + (end.kind === 'eof' ? 7 : 18)} y={WIRE + 3.5}>
        {end.text}
      </text>
    </g>
  )
}
