const told = new Set<string>()

/**
 * Tells the application that something is not watched, and what to do about it, once in a process. Not through `diag`, which
 * is silent unless it was given a logger: `node --disable-warning=StreamgaugeWarning` silences it.
 */
export function warnOfBlindness(message: string): void {
  if (told.has(message)) return
  told.add(message)
  process.emitWarning(message, 'StreamgaugeWarning')
}
