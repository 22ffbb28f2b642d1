import type { HopName } from './hops.ts'

/** A timer that ends responses, and whose it is. */
export interface Timer {
  /** `idle` counts from the last byte, `duration` from the request. */
  readonly kind: 'idle' | 'duration'
  /** In words. */
  readonly owner: string
  /** Hops of which each has this timer; none where its owner leaves nothing in a response. */
  readonly hops: readonly HopName[]
  /** Values that it comes with, or used to. */
  readonly seconds: readonly number[]
  /** Where the number is written down. */
  readonly source: string
}

// Not here: timers for idle connections between requests (Traefik's 180 s, nginx's `keepalive_timeout`), which never end a
// response.
/** Timers as their owners set them by default. Those that users set themselves may be any: see {@link findRoundSilence}. */
export const TIMERS: readonly Timer[] = [
  {
    kind: 'idle',
    owner: 'nginx (proxy_read_timeout)',
    hops: ['nginx', 'openresty'],
    seconds: [60],
    source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout',
  },
  {
    kind: 'idle',
    owner: 'AWS ALB (idle timeout)',
    hops: ['aws_alb'],
    seconds: [60],
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
  },
  {
    kind: 'idle',
    owner: 'Kong (read_timeout)',
    hops: ['kong'],
    seconds: [60],
    source: 'https://developer.konghq.com/gateway/entities/service/',
  },
  {
    kind: 'idle',
    owner: 'Apache (ProxyTimeout)',
    hops: ['apache'],
    seconds: [60, 300],
    source: 'https://httpd.apache.org/docs/2.4/mod/core.html#timeout',
  },
  {
    kind: 'idle',
    owner: 'HAProxy (timeout server)',
    hops: ['haproxy'],
    seconds: [50, 60],
    source: 'https://docs.haproxy.org/3.2/configuration.html#timeout%20server',
  },
  {
    kind: 'idle',
    owner: 'Varnish (between_bytes_timeout)',
    hops: ['varnish'],
    seconds: [60],
    source: 'https://varnish-cache.org/docs/trunk/reference/varnishd.html#between-bytes-timeout',
  },
  {
    kind: 'idle',
    owner: 'Fly.io (idle timeout)',
    hops: ['fly'],
    seconds: [60],
    source: 'https://fly.io/docs/reference/configuration/',
  },
  {
    kind: 'idle',
    owner: 'Cloudflare (proxy read timeout)',
    hops: ['cloudflare'],
    seconds: [100, 120, 125],
    source: 'https://developers.cloudflare.com/fundamentals/reference/connection-limits/',
  },
  {
    kind: 'idle',
    owner: 'CloudFront (response timeout)',
    hops: ['cloudfront'],
    seconds: [30],
    source:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout',
  },
  {
    kind: 'idle',
    owner: 'Fastly (between bytes timeout)',
    hops: ['fastly'],
    seconds: [10],
    source: 'https://www.fastly.com/documentation/reference/api/services/backend/',
  },
  {
    kind: 'idle',
    owner: 'Heroku (router)',
    hops: ['heroku'],
    seconds: [55],
    source: 'https://devcenter.heroku.com/articles/request-timeout#long-polling-and-streaming-responses',
  },
  {
    kind: 'idle',
    owner: 'Azure (load balancer)',
    hops: ['azure_api_management', 'azure_application_gateway'],
    seconds: [230, 240],
    source: 'https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events',
  },
  {
    kind: 'idle',
    owner: 'Envoy (stream_idle_timeout)',
    hops: ['envoy', 'istio'],
    seconds: [300],
    source: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
  },
  {
    kind: 'idle',
    owner: 'AWS NLB or NAT gateway',
    hops: [],
    seconds: [350],
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html',
  },
  {
    kind: 'idle',
    owner: 'Google Cloud (idle TCP connection)',
    hops: [],
    seconds: [600],
    source: 'https://docs.cloud.google.com/compute/docs/troubleshooting/general-tips',
  },
  {
    kind: 'duration',
    owner: 'Envoy (route timeout)',
    hops: ['envoy'],
    seconds: [15],
    source: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
  },
  {
    kind: 'duration',
    owner: 'AWS API Gateway (integration timeout)',
    hops: ['aws_api_gateway'],
    seconds: [29, 30],
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  {
    kind: 'duration',
    owner: 'Google Cloud (load balancer, Cloud Run)',
    hops: ['google_front_end'],
    seconds: [30, 300],
    source: 'https://docs.cloud.google.com/load-balancing/docs/https/request-distribution#timeouts_and_retries',
  },
  {
    kind: 'duration',
    owner: 'Vercel (maxDuration)',
    hops: ['vercel'],
    seconds: [10, 15, 60, 300, 800],
    source: 'https://vercel.com/docs/functions/configuring-functions/duration',
  },
  {
    kind: 'duration',
    owner: 'AWS Lambda (timeout)',
    hops: ['aws', 'aws_api_gateway'],
    seconds: [900],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
  },
]

/** A timer that fits, with the value that it fits by. */
export interface TimerMatch {
  readonly seconds: number
  readonly owners: readonly string[]
}

/**
 * The timer that fires after such a time and whose owner was seen.
 *
 * @param hops that may be to blame
 */
export function findSeenTimer(kind: Timer['kind'], ms: number, hops: readonly string[]): TimerMatch | undefined {
  return findTimer(kind, ms, (timer) => timer.hops.some((name) => hops.includes(name)))
}

/** The timers that fire after such a time, whoever was seen. Short ones come up by chance, and need to be seen. */
export function findKnownTimer(kind: Timer['kind'], ms: number): TimerMatch | undefined {
  return ms < SHORTEST_UNSEEN_MS ? undefined : findTimer(kind, ms, () => true)
}

/**
 * The seconds of a silence that was as long as only a person sets a timer: a whole number, from 5 s on a multiple of five.
 *
 * By chance one silence in ten up to 5 s is, and one in fifty above: alone it proves nothing.
 *
 * @param hops that may have the timer
 */
export function findRoundSilence(ms: number, hops: readonly string[]): number | undefined {
  const isShort = ms < 4500
  const step = isShort ? 1000 : 5000
  const roundMs = Math.round(ms / step) * step
  // Up to 5 s, as early as nginx may be, one silence in three would fit.
  const earlyMs = !isShort && hops.some((name) => EARLY_HOPS.has(name)) ? EARLY_IDLE_MS : EARLY_MS
  return roundMs > 0 && ms >= roundMs - earlyMs && ms <= roundMs + LATE_MS ? roundMs / 1000 : undefined
}

/** What is built on nginx. */
const EARLY_HOPS: ReadonlySet<string> = new Set(['nginx', 'openresty', 'kong'])

function findTimer(kind: Timer['kind'], ms: number, isWanted: (timer: Timer) => boolean): TimerMatch | undefined {
  const wanted = TIMERS.filter((timer) => timer.kind === kind && isWanted(timer))
  const [seconds] = wanted
    .flatMap((timer) => timer.seconds)
    .filter((value) => fits(kind, value, ms))
    .toSorted((a, b) => Math.abs(a * 1000 - ms) - Math.abs(b * 1000 - ms))
  if (seconds === undefined) return undefined
  return { seconds, owners: wanted.filter((timer) => timer.seconds.includes(seconds)).map(({ owner }) => owner) }
}

/**
 * A timer fires a little late, and one for silence is checked only now and then by some; hardly ever does it fire early. nginx
 * does: it does not set a timer anew that would move by less than 300 ms, so that the last bytes may not count.
 */
function fits(kind: Timer['kind'], seconds: number, ms: number): boolean {
  const timerMs = seconds * 1000
  return kind === 'idle'
    ? ms >= timerMs - EARLY_IDLE_MS && ms <= timerMs * 1.05
    : ms >= timerMs * 0.995 && ms <= timerMs * 1.02
}

/** How much too early a timer for silence may fire, in milliseconds. */
const EARLY_IDLE_MS = 350

/** Shortest time that a timer is guessed from alone, in milliseconds. */
const SHORTEST_UNSEEN_MS = 28_000
/** How far from the whole number a timer may fire, in milliseconds; the last byte and the end take the same way. */
const EARLY_MS = 20
const LATE_MS = 80
