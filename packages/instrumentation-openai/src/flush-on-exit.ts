/** Longest that a process is held up at its end, in milliseconds. */
const FLUSH_LIMIT_MS = 3000

/**
 * Runs `flush` when the process has nothing left to do, or is told to stop. Exit code and signal stay what they would have
 * been: where nobody but us listens, the signal is raised again once the telemetry is out.
 */
export function flushOnExit(flush: () => Promise<void>): void {
  let flushing: Promise<void> | undefined
  const once = (): Promise<void> => (flushing ??= bounded(flush()))
  process.once('beforeExit', () => void once())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      const isOurs = process.listenerCount(signal) === 0
      void once().then(() => {
        if (isOurs) process.kill(process.pid, signal)
      })
    })
  }
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
