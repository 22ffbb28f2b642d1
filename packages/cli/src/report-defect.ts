import { EXIT } from './exit-codes.ts'
import { escapeForTerminal } from './print/escape.ts'

/**
 * Says of an error that nobody has foreseen that it is ours, and where it came from.
 *
 * @returns the exit code that says so: that of a broken stream would be taken for a verdict
 */
export function reportDefect(error: unknown): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = stack.split('\n').map(escapeForTerminal)
  process.stderr.write(
    `streamgauge: This is a defect of streamgauge, and no verdict; report it, with these lines.\n${lines.join('\n')}\n`,
  )
  return EXIT.DEFECT
}
