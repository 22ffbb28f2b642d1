import { performance } from 'node:perf_hooks'
import { clearInterval, setInterval } from 'node:timers'
import { guard } from '../guard.ts'

/**
 * Tells how long this process was too busy to look for bytes: while its event loop is blocked, they wait in the kernel, and
 * what they are late by is not the network's.
 *
 * One for all streams, so that each of them proves to the others that the loop has turned. It compares the loop's idle time
 * some twenty times a second: where streams are read and, by a timer that keeps no process alive, while they are waited for.
 */
export class LoopClock {
  readonly #readIdleMs: () => number
  #sampledAtMs: number
  #idleMs: number
  #blockedMs = 0
  #blockEndMs = -Infinity
  /** Until then the loop was busy with what had piled up in the block. */
  #settledMs = -Infinity
  #timer: NodeJS.Timeout | undefined

  /** @param readIdleMs milliseconds that the event loop has spent waiting since the process began; a read takes some 30 ns */
  constructor(nowMs: number, readIdleMs: () => number = () => performance.nodeTiming.idleTime) {
    this.#readIdleMs = readIdleMs
    this.#sampledAtMs = nowMs
    this.#idleMs = readIdleMs()
  }

  /** Looks by itself from now on, as long as any of these is there. */
  watch(open: ReadonlySet<unknown>): void {
    this.#timer ??= setInterval(() => {
      // What a timer throws becomes an uncaught exception.
      guard('the event loop', () => this.tick(performance.now()))
      if (open.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }, SAMPLE_MS).unref()
  }

  /** The loop turns: it runs what calls this. */
  tick(nowMs: number): void {
    if (nowMs - this.#sampledAtMs >= SAMPLE_MS) this.#sample(nowMs)
  }

  /** How long the loop was blocked at the end of a wait, in milliseconds; 0 where it turned meanwhile. */
  blockedMs(fromMs: number, toMs: number): number {
    this.tick(toMs)
    const endedInIt = this.#blockEndMs > fromMs && toMs - this.#settledMs <= SETTLE_MS
    return endedInIt ? this.#blockedMs + this.#settledMs - this.#blockEndMs : 0
  }

  #sample(nowMs: number): void {
    const idleMs = this.#readIdleMs()
    const busyMs = nowMs - this.#sampledAtMs - (idleMs - this.#idleMs)
    // A loop that has never waited is one that does not tell, but for a young process, which had no time to.
    if (busyMs >= SAMPLE_MS && (idleMs > 0 || nowMs < YOUNG_MS)) {
      // To work off what piled up takes no longer than that took to pile up: a loop that stays busy in short turns is not blocked.
      const worksOff = this.#settledMs === this.#sampledAtMs && nowMs - this.#blockEndMs < this.#blockedMs
      if (!worksOff) {
        this.#blockedMs = busyMs
        this.#blockEndMs = nowMs
      }
      this.#settledMs = nowMs
    }
    this.#sampledAtMs = nowMs
    this.#idleMs = idleMs
  }
}

/** Shortest time between two looks, and shortest block that counts, in milliseconds. */
const SAMPLE_MS = 50

/** For so long after a block, what had piled up is still being worked off, in milliseconds. */
const SETTLE_MS = 100

/** Until this age a process that gets little of the processor may not have waited once, in milliseconds. */
const YOUNG_MS = 60_000
