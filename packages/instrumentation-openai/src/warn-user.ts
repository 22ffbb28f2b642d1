const told = new Set<string>()

/**
 * Tells of what the user has to set right, such as an openai that is not watched, once in a process. Not through `diag`, which
 * is silent unless it was given a logger: `node --disable-warning=StreamgaugeWarning` silences it.
 */
export function warnUser(message: string): void {
  if (told.has(message)) return
  told.add(message)
  process.emitWarning(message, 'StreamgaugeWarning')
}
