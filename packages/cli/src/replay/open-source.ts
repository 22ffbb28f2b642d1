import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'

/** Bytes that are read at once. */
const READ_BYTES = 65_536

/**
 * Opens what is to be replayed.
 *
 * @param path of a file; `-` is the standard input
 * @throws CliError where there is nothing to read
 */
export async function openSource(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return process.stdin
  const name = JSON.stringify(path)
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error)
  })
  if (found.isDirectory())
    throw new CliError('input', `${name} is a directory; name a file in it, or - for the standard input.`)
  return readFile(path, name)
}

async function* readFile(path: string, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw unreadable(name, error)
  }
}

function unreadable(name: string, error: unknown): CliError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException
  const reason = code === 'ENOENT' ? `There is no file ${name}` : `${name} cannot be read (${code})`
  return new CliError('input', `${reason}; name a captured body, or - for the standard input.`, { cause: error })
}
