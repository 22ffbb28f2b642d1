import { describe, expect, it } from '@jest/globals'
import { findHops, findSuspects, HOP_NAMES, MAX_HEADERS } from '../src/faults/hops.ts'
import { TIMERS } from '../src/faults/timers.ts'

const hopsOf = (headers: Readonly<Record<string, string>>): readonly string[] =>
  findHops(Object.keys(headers), (name) => headers[name])

const ROWS: readonly (readonly [name: string, headers: Readonly<Record<string, string>>, hops: readonly string[]])[] = [
  ['nginx with its version', { server: 'nginx/1.27.1' }, ['nginx']],
  ['an ingress of Kubernetes, which is nginx without a version', { server: 'nginx' }, ['nginx']],
  ['OpenResty, which is told from nginx', { server: 'openresty/1.25.3.1' }, ['openresty']],
  ['Cloudflare', { server: 'cloudflare', 'cf-ray': '8f0-FRA' }, ['cloudflare']],
  [
    'Cloudflare behind nginx, which passes its id on',
    { server: 'nginx', 'cf-ray': '8f0-FRA' },
    ['cloudflare', 'nginx'],
  ],
  ['Envoy', { server: 'envoy', 'x-envoy-upstream-service-time': '12' }, ['envoy']],
  ['Istio, which is told from a plain Envoy', { server: 'istio-envoy', 'x-envoy-decorator-operation': 'x' }, ['istio']],
  ['an error page of an AWS load balancer', { server: 'awselb/2.0' }, ['aws_alb']],
  ['CloudFront', { via: '1.1 abc.cloudfront.net (CloudFront)', 'x-amz-cf-id': 'q' }, ['cloudfront']],
  ['API Gateway in front of Lambda', { 'x-amz-apigw-id': 'a', 'x-amzn-requestid': 'b' }, ['aws_api_gateway', 'aws']],
  ['API Management of Azure', { 'apim-request-id': 'a' }, ['azure_api_management']],
  [
    'an application gateway of Azure',
    { server: 'Microsoft-Azure-Application-Gateway/v2' },
    ['azure_application_gateway'],
  ],
  ['Front Door of Azure', { 'x-azure-ref': 'a' }, ['azure_front_door']],
  ['a load balancer of Google', { via: '1.1 google' }, ['google_front_end']],
  ['Vercel', { server: 'Vercel', 'x-vercel-id': 'fra1::x' }, ['vercel']],
  ['Fly.io', { server: 'Fly/abc (2026-01-01)', 'fly-request-id': 'a', via: '1.1 fly.io' }, ['fly']],
  ['Heroku', { server: 'gunicorn', via: '1.1 heroku-router' }, ['heroku', 'gunicorn']],
  ['Kong', { 'x-kong-upstream-latency': '3', via: '1.1 kong/3.8.0' }, ['kong']],
  ['LiteLLM on uvicorn', { server: 'uvicorn', 'x-litellm-call-id': 'a' }, ['litellm', 'uvicorn']],
  ['Varnish', { 'x-varnish': '1 2', via: '1.1 varnish (Varnish/7.5)' }, ['varnish']],
  ['Fastly', { 'x-served-by': 'cache-fra-1' }, ['fastly']],
  ['Caddy', { server: 'Caddy', via: '1.1 Caddy' }, ['caddy']],
  ['Squid on the way out', { via: '1.1 proxy.example (squid/6.6)' }, ['squid']],
  ['a proxy with a name of its own', { via: '1.1 gateway.example' }, ['via']],
  ['OpenAI itself', { server: 'cloudflare', 'cf-ray': 'x', 'openai-processing-ms': '7' }, ['cloudflare', 'openai']],
  ['Netlify', { 'x-nf-request-id': 'a', server: 'Netlify' }, ['netlify']],
  ['Render', { 'rndr-id': 'a', 'x-render-origin-server': 'uvicorn' }, ['render']],
  ['Railway', { server: 'railway-edge', 'x-railway-request-id': 'a' }, ['railway']],
  ['Akamai', { 'akamai-grn': '0.1' }, ['akamai']],
  ['HAProxy', { via: '1.1 haproxy' }, ['haproxy']],
  ['Traefik, where it says so', { server: 'Traefik' }, ['traefik']],
  ['Apache', { server: 'Apache/2.4.62 (Debian)' }, ['apache']],
  ['Zscaler on the way out', { via: '1.1 zs (Zscaler)' }, ['zscaler']],
  ['mitmproxy', { server: 'mitmproxy 11.0' }, ['mitmproxy']],
  ['lighttpd', { server: 'lighttpd/1.4.69' }, ['lighttpd']],
  ['tinyproxy on the way out', { via: '1.1 host (tinyproxy/1.11.1)' }, ['tinyproxy']],
  ['hypercorn', { server: 'hypercorn-h11' }, ['hypercorn']],
  ['IIS', { server: 'Microsoft-IIS/10.0' }, ['iis']],
  ['nothing in a plain answer', { 'content-type': 'text/event-stream', date: 'now' }, []],
  ['nothing in words that only contain a name', { server: 'mynginx', 'x-powered-by': 'nginx' }, []],
  ['nothing in an empty value', { server: '', via: '' }, []],
  ["nothing in another server's cache name", { 'x-served-by': 'app-1' }, []],
]

describe('a hop is told by what it leaves in the response headers', () => {
  it.each(ROWS)('%s', (_, headers, expected) => expect(hopsOf(headers)).toEqual(expected))

  it('reads no value but three, whatever the headers', () => {
    const asked: string[] = []
    const names = ['server', 'via', 'x-served-by', 'set-cookie', 'cookie', 'authorization', 'x-kong-secret', 'cf-ray']
    findHops(names, (name) => void asked.push(name))
    expect(asked.toSorted()).toEqual(['server', 'via', 'x-served-by'])
  })

  it('looks at a bounded number of names, and takes no more from a list without an end', () => {
    let given = 0
    function* endless(): Generator<string> {
      for (;;) yield given++ < MAX_HEADERS + 50 ? `x-${given}` : 'cf-ray'
    }
    expect(findHops(endless(), () => undefined)).toEqual([])
    expect(given).toBeLessThanOrEqual(MAX_HEADERS + 1)
  })

  it('cuts a value before it is looked at', () => {
    expect(hopsOf({ via: `${'a'.repeat(10_000)} (squid)` })).toEqual(['via'])
  })

  it('for every name that there is', () => {
    expect([...new Set(ROWS.flatMap(([, , hops]) => hops))].toSorted()).toEqual([...HOP_NAMES].toSorted())
  })
})

describe('a hop that comes with every answer of a provider is no suspect', () => {
  it.each<readonly [string, readonly string[], string, readonly string[]]>([
    ['Cloudflare in front of OpenAI', ['cloudflare', 'openai'], 'api.openai.com', []],
    ['Cloudflare in front of a host of the user', ['cloudflare'], 'llm.example.com', ['cloudflare']],
    [
      'an nginx of the user that passes on what OpenAI sent',
      ['cloudflare', 'nginx', 'openai'],
      'llm.example.com',
      ['nginx'],
    ],
    ['API Management as part of Azure OpenAI', ['azure_api_management'], 'mine.openai.azure.com', []],
    ['API Management of the user', ['azure_api_management'], 'mine.azure-api.net', ['azure_api_management']],
    ['what AWS adds to Bedrock', ['aws'], 'bedrock-runtime.eu-west-1.amazonaws.com', []],
    ['API Gateway of the user', ['aws_api_gateway'], 'x.execute-api.eu-west-1.amazonaws.com', ['aws_api_gateway']],
    ['Vertex of Google', ['google_front_end'], 'europe-west4-aiplatform.googleapis.com', []],
    ['a host that only ends alike', ['cloudflare'], 'notopenai.com', ['cloudflare']],
    ['a host that only begins alike', ['nginx'], 'api.openai.com.example.net', ['nginx']],
    ['the name in other letters', ['cloudflare'], 'API.OpenAI.com', []],
    ['a proxy on the way out, also to a provider', ['cloudflare', 'squid'], 'api.openai.com', ['squid']],
    ['the program that made the answer', ['uvicorn', 'gunicorn'], 'llm.example.com', []],
    ['a hop that nobody knows', ['no_such_hop'], 'llm.example.com', []],
    ['an unknown host', ['nginx'], '', ['nginx']],
  ])('%s', (_, hops, host, suspects) => expect(findSuspects(hops, host)).toEqual(suspects))
})

describe('the table of timers', () => {
  it.each(TIMERS)('$owner ($kind) names hops that can be told, and where it is written down', (timer) => {
    for (const name of timer.hops) expect(HOP_NAMES).toContain(name)
    expect(timer.seconds.toSorted((a, b) => a - b)).toEqual(timer.seconds)
    expect(timer.source).toMatch(/^https:\/\//)
  })
})
