import { EXIT } from './exit-codes.ts'

const gone = new AbortController()

/** Aborted once nobody reads what the command prints: a closed terminal, or `| head` that has seen enough. */
export const outputGone: AbortSignal = gone.signal

/** A reader that has seen enough is no failure, nor is a terminal that was closed; a disk that is full is one. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Linux answers with EIO for a terminal that is gone.
      if (error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY)) {
        gone.abort()
        return
      }
      process.stderr.write(`streamgauge: The output cannot be written (${error.message}); make room for it.\n`)
      process.exit(EXIT.ENVIRONMENT)
    })
  }
}
