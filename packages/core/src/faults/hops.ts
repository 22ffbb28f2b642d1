/** Names of the hops that can be told. Closed set; travels in `streamgauge.http.proxies`. */
export const HOP_NAMES = [
  'cloudflare',
  'cloudfront',
  'aws_api_gateway',
  'aws_alb',
  'aws',
  'azure_api_management',
  'azure_application_gateway',
  'azure_front_door',
  'google_front_end',
  'vercel',
  'netlify',
  'fly',
  'heroku',
  'render',
  'railway',
  'fastly',
  'akamai',
  'istio',
  'envoy',
  'kong',
  'litellm',
  'openresty',
  'nginx',
  'varnish',
  'haproxy',
  'traefik',
  'caddy',
  'apache',
  'lighttpd',
  'squid',
  'tinyproxy',
  'zscaler',
  'mitmproxy',
  'openai',
  'uvicorn',
  'gunicorn',
  'hypercorn',
  'iis',
  'via',
] as const
/** @see HOP_NAMES */
export type HopName = (typeof HOP_NAMES)[number]

/**
 * Whoever answers between the client and the model, as far as response headers tell.
 *
 * `proxy` stands in the way and has timers and buffers; `server` is the program that made the answer, `provider` who runs it;
 * `forward_proxy` stands on the client's side, whatever the host that was asked.
 */
interface Hop {
  readonly name: HopName
  readonly role: 'proxy' | 'server' | 'provider' | 'forward_proxy'
  /** Headers of which one is enough: a name, or its beginning with a `*`; with a value, which must match then. */
  readonly marks: readonly (readonly [header: string, value?: RegExp])[]
}

/** Hops by what they leave in a response. Most name themselves in `server` or `via`; clouds have headers of their own. */
const HOPS: readonly Hop[] = [
  hop('cloudflare', 'proxy', ['cf-ray'], ['server', /^cloudflare/i]),
  hop('cloudfront', 'proxy', ['x-amz-cf-id'], ['server', /^CloudFront/i], ['via', /\bCloudFront\b/i]),
  hop('aws_api_gateway', 'proxy', ['x-amz-apigw-id'], ['apigw-requestid']),
  hop('aws_alb', 'proxy', ['server', /^awselb\b/i]),
  hop('aws', 'proxy', ['x-amzn-*']),
  hop('azure_api_management', 'proxy', ['apim-request-id'], ['x-ms-apim-*'], ['ocp-apim-*']),
  hop('azure_application_gateway', 'proxy', ['server', /^Microsoft-Azure-Application-Gateway/i]),
  hop('azure_front_door', 'proxy', ['x-azure-ref']),
  hop('google_front_end', 'proxy', ['server', /^(Google Frontend|gws|ESF)$/i], ['via', /\d\.\d google$/i]),
  hop('vercel', 'proxy', ['x-vercel-id'], ['server', /^Vercel$/i]),
  hop('netlify', 'proxy', ['x-nf-request-id'], ['server', /^Netlify/i]),
  hop('fly', 'proxy', ['fly-request-id'], ['server', /^Fly\//i], ['via', /\bfly\.io\b/i]),
  hop('heroku', 'proxy', ['via', /\b(vegur|heroku-router)\b/i], ['server', /^Heroku$/i]),
  hop('render', 'proxy', ['rndr-id'], ['x-render-origin-server']),
  hop('railway', 'proxy', ['x-railway-*'], ['server', /^railway-edge$/i]),
  hop('fastly', 'proxy', ['x-fastly-*'], ['x-served-by', /^cache-/i]),
  hop('akamai', 'proxy', ['x-akamai-*'], ['akamai-grn'], ['server', /^AkamaiGHost/i]),
  hop('istio', 'proxy', ['server', /^istio-envoy$/i]),
  hop('envoy', 'proxy', ['x-envoy-*'], ['server', /^envoy$/i]),
  hop('kong', 'proxy', ['x-kong-*'], ['server', /^kong\b/i], ['via', /\bkong\b/i]),
  hop('litellm', 'proxy', ['x-litellm-*']),
  hop('openresty', 'proxy', ['server', /^openresty\b/i]),
  hop('nginx', 'proxy', ['server', /^nginx\b/i]),
  hop('varnish', 'proxy', ['x-varnish'], ['via', /\bvarnish\b/i]),
  hop('haproxy', 'proxy', ['x-haproxy-*'], ['server', /^haproxy\b/i], ['via', /\bhaproxy\b/i]),
  hop('traefik', 'proxy', ['x-traefik-*'], ['server', /^traefik\b/i]),
  hop('caddy', 'proxy', ['server', /^caddy\b/i], ['via', /\bcaddy\b/i]),
  hop('apache', 'proxy', ['server', /^Apache\b/], ['via', /\bApache\b/]),
  hop('lighttpd', 'proxy', ['server', /^lighttpd\b/i]),
  hop('squid', 'forward_proxy', ['x-squid-*'], ['x-cache-lookup'], ['server', /^squid\b/i], ['via', /\bsquid\b/i]),
  hop('tinyproxy', 'forward_proxy', ['via', /\btinyproxy\b/i]),
  hop('zscaler', 'forward_proxy', ['server', /^Zscaler\b/i], ['via', /\bZscaler\b/i]),
  hop('mitmproxy', 'forward_proxy', ['server', /^mitmproxy\b/i], ['via', /\bmitmproxy\b/i]),
  hop('openai', 'provider', ['openai-processing-ms'], ['openai-organization'], ['openai-version']),
  hop('uvicorn', 'server', ['server', /^uvicorn$/i]),
  hop('gunicorn', 'server', ['server', /^gunicorn\b/i]),
  hop('hypercorn', 'server', ['server', /^hypercorn\b/i]),
  hop('iis', 'server', ['server', /^Microsoft-IIS\b/i]),
  // A hop that names itself by a word that nobody here knows is a hop all the same.
  hop('via', 'proxy', ['via', /\S/]),
]

/** Most header names of one response that are looked at: nobody sends as many. */
export const MAX_HEADERS = 200

/**
 * The hops that a response's headers tell of, in the order of the table. Never reads a value but those of `server`, `via` and
 * `x-served-by`.
 *
 * @param names of all headers, in lower case; beyond {@link MAX_HEADERS} the rest is left out
 * @param valueOf gives the value of one
 */
export function findHops(names: Iterable<string>, valueOf: (name: string) => string | undefined): readonly HopName[] {
  const found = new Set<Hop>()
  let looked = 0
  for (const name of names) {
    if (looked++ === MAX_HEADERS) break
    const beginning = BEGINNINGS.exec(name)?.[0]
    for (const mark of beginning === undefined ? [name] : [name, `${beginning}*`]) {
      const marked = BY_NAME.get(mark)
      if (marked !== undefined) found.add(marked)
    }
    const valued = BY_VALUE.get(name)
    if (valued === undefined) continue
    const value = valueOf(name)?.slice(0, MAX_VALUE) ?? ''
    for (const [hopOfValue, pattern] of valued) if (pattern.test(value)) found.add(hopOfValue)
  }
  if (found.size === 0) return NO_HOPS
  const hops = HOPS.filter((known) => found.has(known)).map(({ name }) => name)
  const kept = hops.filter((name) => !(COVERED_BY[name] ?? (() => false))(hops))
  // A copy is as long as it has to be: what is kept for each open stream should not have room for more.
  return kept.slice()
}

/** The table by what is looked up: every response of every request is, and has some twenty headers. */
const BY_NAME = new Map<string, Hop>()
const BY_VALUE = new Map<string, (readonly [hop: Hop, value: RegExp])[]>()
for (const known of HOPS) {
  for (const [header, value] of known.marks) {
    if (value === undefined) BY_NAME.set(header, known)
    else BY_VALUE.set(header, [...(BY_VALUE.get(header) ?? []), [known, value]])
  }
}
/** The beginnings of names that are marks: each belongs to one hop, and none begins another. */
const BEGINNINGS = new RegExp(
  `^(${[...BY_NAME.keys()]
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1))
    .join('|')})`,
)

const NO_HOPS: readonly HopName[] = []

/** Names that say less than others that came with them: Istio is an Envoy, and anybody may add to `via`. */
const COVERED_BY: Readonly<Partial<Record<HopName, (found: readonly string[]) => boolean>>> = {
  envoy: (found) => found.includes('istio'),
  via: (found) => found.length > 1,
}

/**
 * The hops that may be to blame: proxies that stand in the user's own way. A provider's edge comes with every answer of that
 * provider, good or bad, and nobody but the provider can change it; so it says nothing. Gateways pass its marks on. What
 * stands on the client's side may always be to blame.
 *
 * @param host that was asked
 */
export function findSuspects(hops: readonly string[], host: string): HopName[] {
  const isProviders = isProviderHost(host)
  const edge = hops.includes('openai') ? OPENAI_EDGE : []
  return HOPS.filter(({ name, role }) => {
    if (!hops.includes(name)) return false
    return role === 'forward_proxy' || (role === 'proxy' && !isProviders && !edge.includes(name))
  }).map(({ name }) => name)
}

/** What OpenAI's own answers come through. */
const OPENAI_EDGE: readonly string[] = ['cloudflare', 'envoy']

/** Longest value that is matched, in UTF-16 units. */
const MAX_VALUE = 256

/** Hosts of those who sell models, with their subdomains: what answers there is theirs. */
const PROVIDER_HOSTS = [
  'openai.com',
  'openai.azure.com',
  'services.ai.azure.com',
  'cognitiveservices.azure.com',
  'models.ai.azure.com',
  'models.github.ai',
  'generativelanguage.googleapis.com',
  'anthropic.com',
  'mistral.ai',
  'groq.com',
  'deepseek.com',
  'x.ai',
  'perplexity.ai',
  'cohere.ai',
  'cohere.com',
  'openrouter.ai',
  'together.ai',
  'together.xyz',
  'fireworks.ai',
  'cerebras.ai',
  'sambanova.ai',
  'deepinfra.com',
  'novita.ai',
  'nvidia.com',
  'moonshot.ai',
  'moonshot.cn',
  'bigmodel.cn',
  'z.ai',
  'dashscope.aliyuncs.com',
  'dashscope-intl.aliyuncs.com',
  'siliconflow.cn',
  'siliconflow.com',
  'huggingface.co',
  'gateway.ai.cloudflare.com',
  'ai-gateway.vercel.sh',
]

/** Hosts of clouds on which the models of the cloud answer, and not what its users run there. */
const PROVIDER_PATTERNS = [
  /^([a-z0-9-]+-)?aiplatform\.googleapis\.com$/i,
  /^bedrock-[a-z-]+\.[a-z0-9-]+\.(amazonaws\.com|api\.aws)$/i,
]

function isProviderHost(host: string): boolean {
  const name = host.toLowerCase()
  return (
    PROVIDER_HOSTS.some((known) => name === known || name.endsWith(`.${known}`)) ||
    PROVIDER_PATTERNS.some((pattern) => pattern.test(name))
  )
}

function hop(name: HopName, role: Hop['role'], ...marks: Hop['marks']): Hop {
  return { name, role, marks }
}
