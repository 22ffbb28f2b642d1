/** Ctrl-C, and what supervisors send. */
const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const

/**
 * Aborted by Ctrl-C, a SIGTERM, or the SIGHUP of a terminal that is closed: for an orderly end. A second Ctrl-C or SIGTERM ends the
 * process at once, also while it is busy. A second SIGHUP does nothing: the shell and the system both send one.
 */
export function listenForInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const interrupted = new AbortController()
  const stopListening = (): void => {
    for (const name of INTERRUPTS) process.off(name, interrupt)
  }
  const interrupt = (): void => {
    // The system ends a process that does not listen.
    stopListening()
    interrupted.abort()
  }
  for (const name of INTERRUPTS) process.on(name, interrupt)
  process.on('SIGHUP', interrupt)
  return {
    signal: interrupted.signal,
    release: () => {
      stopListening()
      process.off('SIGHUP', interrupt)
    },
  }
}
