/** A forward proxy that the environment names. */
export interface ProxySetting {
  readonly url: URL
  /** The variable that names it. */
  readonly variable: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that a request goes through, as `curl` and most others read the environment: `HTTPS_PROXY` or `HTTP_PROXY` by the
 * protocol, `ALL_PROXY` for both, unless `NO_PROXY` names the host. Lower case wins.
 *
 * @returns `'invalid'` with the variable where its value is no URL of an HTTP proxy
 */
export function findProxy(target: URL, env: Environment): ProxySetting | { readonly invalid: string } | undefined {
  const scheme = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  // HTTP_PROXY in capitals may be a request's header in a CGI program; of a command line it is what it says.
  const variable = [scheme, scheme.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find((name) => (env[name] ?? '') !== '')
  if (variable === undefined || isExcepted(target, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined
  const text = env[variable] ?? ''
  const withScheme = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { invalid: variable }
  return { url, variable }
}

/** Entries are `*`, hosts, domains with or without a dot before them, each with a port where only that is meant. */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\[(.*)\]/, '$1')) ?? []
      if (wantedPort !== undefined && wantedPort !== ownPort && !host.includes(':')) return false
      const domain = name.replace(/^\*?\./, '')
      return host === domain || host.endsWith(`.${domain}`) || host === entry
    })
}

/** A proxy's address without its credentials. */
export function showProxy({ url }: ProxySetting): string {
  return `${url.protocol}//${url.host}`
}
