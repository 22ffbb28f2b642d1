import { abortSignal } from './products/abort-signal.ts'
import { apache } from './products/apache.ts'
import { awsAlb } from './products/aws-alb.ts'
import { awsApiGateway } from './products/aws-api-gateway.ts'
import { azureApiManagement } from './products/azure-api-management.ts'
import { azureAppService } from './products/azure-app-service.ts'
import { caddy } from './products/caddy.ts'
import { cloudflare } from './products/cloudflare.ts'
import { cloudfront } from './products/cloudfront.ts'
import { envoy } from './products/envoy.ts'
import { expressCompression } from './products/express-compression.ts'
import { haproxy } from './products/haproxy.ts'
import { lighttpd } from './products/lighttpd.ts'
import { nginx } from './products/nginx.ts'
import { node } from './products/node.ts'
import { openaiSdk } from './products/openai-sdk.ts'
import { squid } from './products/squid.ts'
import { traefik } from './products/traefik.ts'
import { undici } from './products/undici.ts'
import { varnish } from './products/varnish.ts'
import { vercel } from './products/vercel.ts'
import { TOPICS_OF_KIND, type Product, type Setting, type Topic } from './setting.ts'
import { NO_SETTING, TOPIC_CATALOGUE } from './topics.ts'

/** Every product, in the order in which one asks for them. */
export const PRODUCTS: readonly Product[] = [
  nginx,
  apache,
  haproxy,
  envoy,
  caddy,
  traefik,
  lighttpd,
  varnish,
  squid,
  expressCompression,
  cloudflare,
  awsAlb,
  awsApiGateway,
  cloudfront,
  azureApiManagement,
  azureAppService,
  vercel,
  openaiSdk,
  undici,
  abortSignal,
  node,
]

/** What a product has to say of an ailment. */
export interface ProductAdvice {
  readonly id: string
  readonly name: string
  /** Each snippet once, though it may heal in several ways. */
  readonly settings: readonly Setting[]
  /** Why it has none for a topic. */
  readonly without: readonly { readonly topic: Topic; readonly reason: string }[]
}

/** What can be set against a fault, an anomaly or a cause; or why nothing can. */
export interface Advice {
  /** Products with a setting for it come before those that have none to offer. */
  readonly products: readonly ProductAdvice[]
  readonly noSetting?: string | undefined
}

/**
 * What can be set against an ailment.
 *
 * @param name a fault's code, `http_status`, an anomaly or a cause; anything else has no advice
 * @param productId only this product
 */
export function adviseOn(name: string, productId?: string): Advice {
  const topics = (Object.keys(TOPIC_CATALOGUE) as Topic[]).filter((topic) => heals(topic, name))
  const products = PRODUCTS.filter(({ id }) => productId === undefined || id === productId)
    .map((product) => adviceOf(product, topics))
    .filter(({ settings, without }) => settings.length + without.length > 0)
  const noSetting = Object.hasOwn(NO_SETTING, name) ? NO_SETTING[name as keyof typeof NO_SETTING] : undefined
  return { products: products.toSorted((a, b) => rank(a) - rank(b)), noSetting }
}

function heals(topic: Topic, name: string): boolean {
  return TOPIC_CATALOGUE[topic].heals.some((healed) => healed === name)
}

function adviceOf({ id, name, kind, settings, without }: Product, topics: readonly Topic[]): ProductAdvice {
  const concerned = TOPICS_OF_KIND[kind].filter((topic) => topics.includes(topic))
  return {
    id,
    name,
    settings: settings.filter(
      ({ topic, snippet }, i) =>
        concerned.includes(topic) &&
        settings.findIndex((other) => other.snippet === snippet && concerned.includes(other.topic)) === i,
    ),
    without: concerned.flatMap((topic) => {
      const reason = without[topic]
      return reason === undefined ? [] : [{ topic, reason }]
    }),
  }
}

function rank({ settings }: ProductAdvice): number {
  return settings.length === 0 ? 1 : 0
}
