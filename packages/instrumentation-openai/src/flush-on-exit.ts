/** Longest that telemetry may take to go out, in milliseconds: a process is not held up for longer at its end. */
export const FLUSH_LIMIT_MS = 3000

/** What is to go out when a process ends. */
export interface ExitFlush {
  /** Counts up with everything that there may be to flush. */
  readonly count: () => number
  /** Nothing will happen any more: whatever is open has ended. */
  readonly finish: () => void
  /** Sends what there is. */
  readonly flush: () => Promise<void>
}

/**
 * Flushes when the process has nothing left to do, or is told to stop. Exit code and signal stay what they would have been:
 * where nobody but us listens, the signal is raised again once the telemetry is out. An application that listens itself goes
 * on until it ends, and so does its telemetry.
 *
 * `process.exit()`, and an error that nobody catches, leave no time for it.
 */
export function flushOnExit({ count, finish, flush }: ExitFlush): void {
  let flushed = -1
  // Told again each time that the work it is told of is done, flushing among it: so it stops where there is nothing new.
  process.on('beforeExit', () => {
    finish()
    if (count() === flushed) return
    flushed = count()
    void bounded(flush())
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    onSignalToEnd(signal, (isEnd) => {
      if (isEnd) finish()
      return bounded(flush())
    })
  }
}

/**
 * Runs `work` at the first signal; then, where nobody else listens for it, raises it again. A listener that is called only
 * once is gone when it is called: so one that went in this very turn counts.
 */
function onSignalToEnd(signal: NodeJS.Signals, work: (isEnd: boolean) => Promise<void>): void {
  let hasJustLost = false
  process.on('removeListener', (event) => {
    if (event !== signal) return
    hasJustLost = true
    queueMicrotask(() => (hasJustLost = false))
  })
  // Before all others, so that those who count the listeners to know whether they are alone do not count ours.
  process.prependListener(signal, function end() {
    const isOurs = process.listenerCount(signal) === 1 && !hasJustLost
    process.removeListener(signal, end)
    void work(isOurs).then(() => {
      if (isOurs) process.kill(process.pid, signal)
    })
  })
}

/** Never rejects: an exporter that fails at the end is no reason for the application to fail. */
async function bounded(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_LIMIT_MS)
    timer.unref()
  })
  await Promise.race([work.catch(() => {}), limit])
  clearTimeout(timer)
}
