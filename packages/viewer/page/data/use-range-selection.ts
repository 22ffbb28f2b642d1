import { useState } from 'preact/hooks'

/** Some of the bars of a chart, from one to another. Both ends belong to it; the head is the one that moves. */
export interface BarRange {
  readonly anchor: number
  readonly head: number
}

/** First and last bar of a range. */
export function endsOf({ anchor, head }: BarRange): readonly [first: number, last: number] {
  return [Math.min(anchor, head), Math.max(anchor, head)]
}

/** Keys that move to a bar, from where one is. */
const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
}

/**
 * Where a key leads; `null` for a key that leads nowhere. With Shift the anchor stays, and the range grows.
 *
 * @param range absent where none is chosen yet
 */
export function moveRange(
  range: BarRange | null,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  bars: number,
): BarRange | null {
  const move = Object.hasOwn(MOVES, key) ? MOVES[key] : undefined
  if (move === undefined || bars === 0) return null
  const last = bars - 1
  const head = range === null ? (key === 'ArrowLeft' ? last : (move(-1, last) ?? 0)) : move(range.head, last)
  const bounded = Math.min(last, Math.max(0, head))
  return { anchor: shiftKey && range !== null ? range.anchor : bounded, head: bounded }
}

/** What an element takes, so that bars in it are chosen with the mouse, a finger or the keyboard. */
export interface RangeHandlers {
  readonly onPointerDown: (event: BarPointerEvent) => void
  readonly onPointerMove: (event: BarPointerEvent) => void
  readonly onPointerUp: (event: BarPointerEvent) => void
  readonly onPointerCancel: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onBlur: () => void
}

type BarPointerEvent = PointerEvent & { readonly currentTarget: Element }

/**
 * Choosing some of a chart's bars.
 *
 * @param onChoose told once they are chosen: when the button is let go, or at Enter
 */
export function useRangeSelection(
  bars: number,
  onChoose: (first: number, last: number) => void,
): { readonly range: BarRange | null; readonly handlers: RangeHandlers } {
  const [range, setRange] = useState<BarRange | null>(null)
  const choose = (chosen: BarRange): void => {
    setRange(null)
    onChoose(...endsOf(chosen))
  }
  const barAt = ({ clientX, currentTarget }: BarPointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect()
    return Math.min(bars - 1, Math.max(0, Math.floor(((clientX - left) / width) * bars)))
  }
  const isDragging = (event: BarPointerEvent): boolean => event.currentTarget.hasPointerCapture(event.pointerId)
  return {
    range,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0 || bars === 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setRange({ anchor: barAt(event), head: barAt(event) })
      },
      onPointerMove(event) {
        const head = barAt(event)
        if (isDragging(event)) setRange((now) => (now === null ? null : { ...now, head }))
      },
      onPointerUp(event) {
        if (isDragging(event) && range !== null) choose({ ...range, head: barAt(event) })
      },
      onPointerCancel: () => setRange(null),
      onKeyDown(event) {
        const moved = moveRange(range, event, bars)
        if (moved === null && event.key !== 'Enter' && event.key !== 'Escape') return
        if (moved === null && range === null) return
        event.preventDefault()
        if (moved !== null) setRange(moved)
        else if (event.key === 'Enter' && range !== null) choose(range)
        else setRange(null)
      },
      onBlur: () => setRange(null),
    },
  }
}
