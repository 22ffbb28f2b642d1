import { CliError } from './cli-error.ts'

const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:'])

/**
 * The value of an option that is the address of a web site.
 *
 * @throws CliError for what is none, and for one with a name or a password in it, which a page must not show
 */
export function readWebAddress(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && PROTOCOLS.has(url.protocol)) {
    if (url.username === '' && url.password === '') return url.href
    throw new CliError('usage', `${option} must be an address without a name and a password in it.`)
  }
  const example = 'https://grafana.example'
  throw new CliError('usage', `${option} must be an address such as ${example}, but was ${JSON.stringify(text)}.`)
}
