/** Aborted by Ctrl-C or a SIGTERM, which end nothing else until it is released. */
export function listenForInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  return {
    signal: interrupted.signal,
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  }
}
