import type { Measure } from './measure.ts'

/** Most bytes that are kept from a chunk's head when it is cut, and never more than a quarter of the maximum. */
const HEAD_BYTES = 256

/** A chunk that may be too long. */
export interface WholeChunk {
  readonly text: string
  readonly measure: Measure
  /** Bytes of the chunk itself that stand behind a part of `text`. */
  readonly bytesBehind: (from: number, to: number) => number
  /** Where `text` already lacks a part of the chunk, and how many bytes. */
  readonly gap: { readonly at: number; readonly bytes: number }
  /** Bytes of the chunk that `text` lacks at its end. */
  readonly bytesAfter: number
  readonly breakAt: number | undefined
  /** The marker that stands for so many bytes. */
  readonly marker: (bytes: number) => string
}

/** What is left of a chunk. */
export interface CutChunk {
  readonly text: string
  readonly truncated: boolean
  readonly breakAt: number | undefined
}

/**
 * Cuts a chunk to at most `maxBytes`: some of its head, and its tail, with a marker between that counts in the maximum.
 * Where it broke in the middle, a window around that place takes the tail's room, three quarters of it before the place.
 * With less room than that needs, the head goes first; with less than for the markers, only the head is kept, and the
 * place where it broke is lost if it lies beyond.
 */
export function cutChunk(chunk: WholeChunk, maxBytes: number): CutChunk {
  const { text, measure, breakAt } = chunk
  const end = text.length
  const isWhole = chunk.gap.bytes === 0 && chunk.bytesAfter === 0
  if (isWhole && measure.size(text, 0, end) <= maxBytes) return { text, truncated: false, breakAt }
  const widest = chunk.marker(chunk.bytesBehind(0, end) + chunk.gap.bytes + chunk.bytesAfter)
  const markerBytes = measure.size(widest, 0, widest.length)
  const head = Math.min(chunk.gap.at, measure.forward(text, 0, Math.min(HEAD_BYTES, Math.floor(maxBytes / 4))))
  const room = maxBytes - measure.size(text, 0, head) - markerBytes
  if (room <= 0) return onlyHead(chunk, measure.forward(text, 0, maxBytes), '')
  const tail = Math.max(measure.backward(text, end, room), gapBefore(chunk, end))
  const isBreakOutside = breakAt !== undefined && breakAt > head && breakAt < tail
  if (chunk.bytesAfter === 0 && !isBreakOutside) return assemble(chunk, head, tail, end)
  return aroundBreak(chunk, head, breakAt ?? 0, maxBytes, markerBytes)
}

function aroundBreak(
  chunk: WholeChunk,
  longestHead: number,
  breakAt: number,
  maxBytes: number,
  markerBytes: number,
): CutChunk {
  const { text, measure } = chunk
  const roomBesideHead = maxBytes - measure.size(text, 0, longestHead) - 2 * markerBytes
  const head = roomBesideHead > 0 ? longestHead : 0
  const room = roomBesideHead > 0 ? roomBesideHead : maxBytes - 2 * markerBytes
  const from = Math.max(measure.backward(text, breakAt, Math.floor((room * 3) / 4)), gapBefore(chunk, breakAt))
  if (from <= head || room <= 0) {
    const to = measure.forward(text, 0, Math.max(0, maxBytes - markerBytes))
    return onlyHead(chunk, to, chunk.marker(chunk.bytesBehind(to, text.length) + chunk.gap.bytes + chunk.bytesAfter))
  }
  return assemble(chunk, head, from, measure.forward(text, from, room))
}

/** A window never reaches back over a part that is missing. */
function gapBefore(chunk: WholeChunk, index: number): number {
  return chunk.gap.bytes > 0 && chunk.gap.at <= index ? chunk.gap.at : 0
}

function onlyHead(chunk: WholeChunk, to: number, marker: string): CutChunk {
  const { breakAt } = chunk
  const kept = chunk.text.slice(0, to)
  const isKept = breakAt !== undefined && breakAt <= to
  return { text: kept + marker, truncated: true, breakAt: isKept ? breakAt : undefined }
}

function assemble(chunk: WholeChunk, head: number, from: number, to: number): CutChunk {
  const { text, breakAt, gap } = chunk
  const before = text.slice(0, head) + chunk.marker(chunk.bytesBehind(head, from) + gap.bytes)
  const leftOutAfter = chunk.bytesBehind(to, text.length) + chunk.bytesAfter
  const after = leftOutAfter === 0 ? '' : chunk.marker(leftOutAfter)
  const moved = breakAt === undefined || breakAt <= head ? breakAt : breakAt - from + before.length
  return { text: before + text.slice(from, to) + after, truncated: true, breakAt: moved }
}
