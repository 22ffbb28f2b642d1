import { describe, expect, it } from '@jest/globals'
import { LoopClock } from '../src/watch/loop-clock.ts'

/** A process whose loop waits, or is busy, for some time; streams ask the clock in between. */
class Process {
  nowMs = 1000
  #idleMs = 500
  readonly clock = new LoopClock(this.nowMs, () => this.#idleMs)
  idle(ms: number): this {
    this.nowMs += ms
    this.#idleMs += ms
    return this
  }
  busy(ms: number): this {
    this.nowMs += ms
    return this
  }
  tick(): this {
    this.clock.tick(this.nowMs)
    return this
  }
  /** Of a wait for so long, until now. */
  blockedMs(waitMs: number): number {
    return this.clock.blockedMs(this.nowMs - waitMs, this.nowMs)
  }
}

describe('the time in which the event loop was blocked at the end of a wait', () => {
  it.each<readonly [string, (process: Process) => number, number]>([
    ['is nothing where it only waited', (p) => p.tick().idle(900).blockedMs(900), 0],
    ['is all of it where it was busy throughout', (p) => p.tick().busy(900).blockedMs(900), 900],
    ['is the busy part', (p) => p.tick().idle(500).busy(400).blockedMs(900), 400],
    ['is nothing where it was busy for a moment', (p) => p.tick().idle(880).busy(20).blockedMs(900), 0],
    [
      'is nothing where another stream proved since that it turns',
      (p) => p.busy(400).tick().idle(500).blockedMs(900),
      0,
    ],
    ['is nothing where it was blocked before the wait', (p) => p.busy(400).tick().idle(60).blockedMs(60), 0],
    ['is known to each stream that was read after it', (p) => p.tick().busy(900).tick().busy(5).blockedMs(905), 900],
    [
      'is of the block and of what it took to work off what had piled up',
      (p) => p.tick().busy(900).tick().busy(60).blockedMs(960),
      960,
    ],
    [
      'is forgotten when the loop has turned for a while',
      (p) => p.tick().busy(900).tick().idle(200).blockedMs(1100),
      0,
    ],
    [
      'is nothing new in many short turns that streams tell of',
      (p) => {
        for (let turn = 0; turn < 100; turn++) p.busy(10).tick()
        return p.blockedMs(1000) > 60 ? p.blockedMs(1000) : 0
      },
      0,
    ],
  ])('%s', (_, play, expected) => expect(play(new Process())).toBe(expected))

  it('is looked for no more than every 50 ms, however often streams are read', () => {
    let looks = 0
    const clock = new LoopClock(0, () => looks++)
    for (let ms = 0; ms < 1000; ms++) clock.tick(ms)
    expect(looks).toBeLessThanOrEqual(21)
  })

  it('is looked for while a stream is open and not read, and a look that fails reaches nobody', async () => {
    const open = new Set(['a stream'])
    let looks = 0
    await new Promise<void>((resolve) => {
      const clock = new LoopClock(performance.now(), () => {
        if (looks++ === 0) return 0
        if (looks > 3) resolve()
        throw new Error('no idle time here')
      })
      clock.watch(open)
    })
    open.clear()
    expect(looks).toBe(4)
  })

  it('is nothing where the runtime does not tell how long its loop waits', () => {
    const clock = new LoopClock(60_000, () => 0)
    expect(clock.blockedMs(60_000, 60_900)).toBe(0)
  })

  it('is all of it in a young process that was too busy to wait once', () => {
    const clock = new LoopClock(0, () => 0)
    expect(clock.blockedMs(0, 900)).toBe(900)
  })
})
