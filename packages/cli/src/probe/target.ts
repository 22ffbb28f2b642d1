import { CliError } from '../cli-error.ts'
import { hideCredentials } from '../print/hide-credentials.ts'
import { findProxy } from './find-proxy.ts'

/** Which of OpenAI's interfaces is asked. */
export type ProbeApi = 'chat' | 'responses'

/** A server to be asked, and how. */
export interface Target {
  /** As the SDK wants it, without a slash at its end. */
  readonly baseURL: string
  /** Where the requests go: the base URL and the path of the interface. */
  readonly endpoint: URL
  readonly api: ProbeApi
  readonly model: string
  /** What authorises the requests, where there is anything; never printed. */
  readonly key: string | undefined
  /** Name of the environment variable that the key is from. */
  readonly keyEnv: string
}

const PATHS: Readonly<Record<ProbeApi, string>> = { chat: '/chat/completions', responses: '/responses' }

/**
 * Reads a base URL, with or without the path of an interface at its end.
 *
 * @throws CliError for what is no HTTP URL, or has credentials in it
 */
export function readTarget(text: string, settings: Omit<Target, 'baseURL' | 'endpoint'>): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new CliError(
      'usage',
      `probe needs a base URL such as https://api.openai.com/v1, but got ${JSON.stringify(hideCredentials(text.slice(0, MAX_SHOWN)))}.`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('usage', 'The URL has credentials in it: put the key into the environment instead (--key-env).')
  }
  url.hash = ''
  const endings = Object.values(PATHS).map((path) => path.replaceAll('/', String.raw`\/`))
  url.pathname = url.pathname.replace(new RegExp(`(?:${endings.join('|')})?\\/*$`), '')
  const endpoint = new URL(url)
  endpoint.pathname = url.pathname.replace(/\/$/, '') + PATHS[settings.api]
  return { ...settings, baseURL: url.href.replace(/\/$/, ''), endpoint }
}

/** Longest part of a bad URL that is shown. */
const MAX_SHOWN = 200

/**
 * The key in an environment variable; none where it is not set.
 *
 * @param option that has asked for it by name, so that its absence is a mistake
 * @throws CliError naming the option, never the value; nor what should be the variable's name, and may be the key itself
 */
export function readKey(variable: string, option: string | undefined): string | undefined {
  const key = process.env[variable]?.trim()
  if (key === undefined || key === '') {
    if (option !== undefined) {
      throw new CliError('usage', `The variable that ${option} names is not set, or is empty.`)
    }
    return undefined
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new CliError('usage', `What ${variable} holds cannot be a key: it has blanks or other signs inside.`)
  }
  return key
}

/** Headers that authorise a request. Azure wants its keys in a header of its own. */
export function authorization({ key, endpoint }: Target): Readonly<Record<string, string>> {
  if (key === undefined) return {}
  return /\.azure\.com$/i.test(endpoint.hostname) ? { 'api-key': key } : { authorization: `Bearer ${key}` }
}

/** Hosts that are this machine. */
const LOOPBACK = /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/

/** @throws CliError where the key would go to another machine unencrypted */
export function refuseOpenKey({ endpoint, key, keyEnv }: Target): void {
  const proxy = findProxy(endpoint, process.env)
  const isHere = [endpoint, ...(proxy !== undefined && 'url' in proxy ? [proxy.url] : [])].every(({ hostname }) =>
    LOOPBACK.test(hostname),
  )
  if (key === undefined || endpoint.protocol === 'https:' || isHere) return
  throw new CliError(
    'usage',
    `The key of ${keyEnv} would go to ${endpoint.host} unencrypted, for everybody between to read: use https://, or say --allow-http.`,
  )
}
