import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ChunkTimes, MAX_SAMPLED_TIMES } from '../src/telemetry/chunk-times.ts'

/** Chunks that come ever later, so that the time before each tells which one it is: 1, 2, 3, … ms. */
function play(times: ChunkTimes, chunks: number): void {
  let nowMs = 1
  for (let i = 0; i < chunks; i++) times.came((nowMs += i))
}

describe('the times between chunks', () => {
  it('of a sampled stream are never more than their bound, and evenly spread over the whole stream', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), (chunks) => {
        const times = new ChunkTimes(false)
        play(times, chunks)
        const kept = times.take()
        expect(kept.length).toBeLessThanOrEqual(MAX_SAMPLED_TIMES)
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(chunks - 1, MAX_SAMPLED_TIMES / 2))
        const stride = (kept[1] ?? 2) - (kept[0] ?? 1)
        expect(kept).toEqual(kept.map((_, i) => 1 + i * stride))
        // None is left out at the end that would have been kept in the middle.
        expect(chunks - 1 - (kept.at(-1) ?? 0)).toBeLessThan(stride)
      }),
    )
  })

  it('are all kept where all are asked for, and ask to be recorded before they are many', () => {
    const times = new ChunkTimes(true)
    play(times, 64)
    expect(times.isFull).toBe(false)
    times.came(10_000)
    expect(times.isFull).toBe(true)
    expect(times.take()).toHaveLength(64)
    expect(times.isFull).toBe(false)
    expect(times.take()).toEqual([])
  })
})
