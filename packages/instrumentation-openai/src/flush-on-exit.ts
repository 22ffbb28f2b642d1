/** Longest that telemetry may take to go out, in milliseconds: a process is not held up for longer at its end. */
export const FLUSH_LIMIT_MS = 3000

/**
 * Runs `flush` when the process has nothing left to do, or is told to stop. Exit code and signal stay what they would have
 * been: where nobody but us listens, the signal is raised again once the telemetry is out.
 *
 * `process.exit()`, and an error that nobody catches, leave no time for it.
 */
export function flushOnExit(flush: () => Promise<void>): void {
  let flushing: Promise<void> | undefined
  const once = (): Promise<void> => (flushing ??= bounded(flush()))
  process.once('beforeExit', () => void once())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignalToEnd(signal, once)
}

/**
 * Runs `work` at the first signal; then, where nobody else listens for it, raises it again. A listener that is called only
 * once is gone when it is called: so one that went in this very turn counts.
 */
function onSignalToEnd(signal: NodeJS.Signals, work: () => Promise<void>): void {
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
    void work().then(() => {
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
