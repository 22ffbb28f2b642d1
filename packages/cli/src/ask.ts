import { createInterface } from 'node:readline'

/** Whether somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY
}

/**
 * Asks on the terminal. Enter alone is yes; the end of the input (Ctrl-D, or a closed terminal) is no.
 *
 * @param signal ends the question. @throws the signal's reason then
 */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  process.stderr.write(`${question} [Y/n] `)
  const { stdin } = process
  stdin.ref()
  try {
    // No line editor: it would take Ctrl-C for itself.
    const lines = createInterface({ input: stdin, terminal: false, signal })
    for await (const line of lines) return /^\s*(y|yes)?\s*$/i.test(line)
  } finally {
    // A terminal that is waited for would keep the process from its end.
    stdin.unref()
  }
  process.stderr.write('\n')
  signal.throwIfAborted()
  return false
}
