/** When the events of an answer came. Keeps some numbers, however many reads there are. */
export class Arrival {
  readonly #atMs: number[] = []
  readonly #events: number[] = []

  /** A read brought so many events. */
  add(atMs: number, events: number): void {
    if (events === 0) return
    if (this.#atMs.length < MAX_MOMENTS) {
      this.#atMs.push(atMs)
      this.#events.push(events)
    } else this.#events[MAX_MOMENTS - 1] = (this.#events[MAX_MOMENTS - 1] ?? 0) + events
    this.lastAtMs = atMs
  }

  lastAtMs = 0

  get firstAtMs(): number | null {
    return this.#atMs[0] ?? null
  }

  /** Events in each of so many equal parts of the time from the request to its end. */
  histogram(parts: number, startedAtMs: number, endedAtMs: number): readonly number[] {
    const counts = Array.from({ length: parts }, () => 0)
    const partMs = Math.max(1, endedAtMs - startedAtMs) / parts
    for (const [index, atMs] of this.#atMs.entries()) {
      const part = Math.min(parts - 1, Math.max(0, Math.floor((atMs - startedAtMs) / partMs)))
      counts[part] = (counts[part] ?? 0) + (this.#events[index] ?? 0)
    }
    return counts
  }
}

/** Reads that are told apart; those that follow count as one. */
const MAX_MOMENTS = 4096
