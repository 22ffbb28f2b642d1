import { CliError } from './cli-error.ts'

/** The value of `--port`. @throws CliError for what is no port */
export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new CliError('usage', `--port must be a whole number from 0 to 65535, but was ${JSON.stringify(text)}.`)
}
