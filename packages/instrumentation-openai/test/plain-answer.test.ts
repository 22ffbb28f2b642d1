import { beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { PlainAnswer, PlainResult } from './apps/plain-answer.ts'
import { runApp } from './run-app.ts'

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'
const ANSWER = { id: 'c1', model: 'm', choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] }
const NGINX = { server: 'nginx/1.27' }

interface Case extends PlainAnswer {
  readonly name: string
  /** What the span has; a fault is an ERROR, and none has no `error.type`. */
  readonly told: Readonly<Record<string, unknown>>
}

const CASES: readonly Case[] = [
  {
    name: 'an answer',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ANSWER),
    told: { [GEN_AI.RESPONSE_ID]: 'c1' },
  },
  {
    name: 'an HTML page with a success status, which the SDK hands over as a text',
    status: 200,
    headers: { 'content-type': 'text/html', ...NGINX },
    body: PAGE,
    told: {
      [GEN_AI.ERROR_TYPE]: 'malformed_event',
      [ATTR.FAULT_DETAIL]: 'html',
      [ATTR.CAUSE]: 'proxy_error_page',
      [ATTR.CAUSE_CONFIDENCE]: 'likely',
      [ATTR.CHUNK_RAW]: PAGE,
    },
  },
  {
    name: 'words with a success status',
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: 'upstream connect error',
    told: {
      [GEN_AI.ERROR_TYPE]: 'malformed_event',
      [ATTR.FAULT_DETAIL]: 'not_json',
      [ATTR.CAUSE]: 'provider_malformed',
    },
  },
  {
    name: 'an answer under another media type, which an application can still use',
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(ANSWER),
    told: {},
  },
  { name: 'nothing', status: 200, headers: { 'content-type': 'text/plain' }, body: '', told: {} },
  {
    name: 'an error status of a proxy, whose page says so',
    status: 413,
    headers: { 'content-type': 'text/html', ...NGINX },
    body: PAGE,
    told: { [GEN_AI.ERROR_TYPE]: '413', [ATTR.CAUSE]: 'proxy_error_page', [ATTR.CAUSE_CONFIDENCE]: 'likely' },
  },
  {
    name: 'an error status of a model server',
    status: 413,
    headers: { 'content-type': 'application/json', server: 'uvicorn' },
    body: '{"error":{"message":"too long"}}',
    told: { [GEN_AI.ERROR_TYPE]: '413', [ATTR.CAUSE]: 'provider_error', [ATTR.CAUSE_CONFIDENCE]: 'likely' },
  },
  {
    name: 'an error status of a proxy in place of a stream, with the hop in its headers',
    status: 502,
    headers: { 'content-type': 'text/html', 'set-cookie': 'secret=1', 'cf-ray': '8f0-FRA', ...NGINX },
    body: PAGE,
    stream: true,
    told: {
      [GEN_AI.ERROR_TYPE]: '502',
      [ATTR.OUTCOME]: 'broken',
      [ATTR.END]: 'http_error',
      [GEN_AI.HTTP_RESPONSE_STATUS_CODE]: 502,
      [ATTR.CAUSE]: 'proxy_error_page',
      [ATTR.CAUSE_CONFIDENCE]: 'likely',
      [ATTR.HTTP_CONTENT_TYPE]: 'text/html',
      [ATTR.HTTP_PROXIES]: ['cloudflare', 'nginx'],
    },
  },
]

describe.each([4, 5, 6, 7])('openai %i: a request that is answered by', (major) => {
  let watched: readonly PlainResult[]
  let bare: readonly PlainResult[]
  beforeAll(async () => {
    const run = async (...flags: string[]): Promise<readonly PlainResult[]> => {
      const { stdout, stderr, exitCode } = await runApp('plain-answer.ts', [
        `${major}`,
        JSON.stringify(CASES),
        ...flags,
      ])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      return JSON.parse(stdout) as PlainResult[]
    }
    watched = await run()
    bare = await run('bare')
  }, 60_000)

  it.each(CASES.map(({ name, told }, index) => [name, told, index] as const))('%s', (_, told, index) => {
    const { span } = watched[index] ?? {}
    expect(span?.attributes).toMatchObject(told)
    expect(span?.attributes[GEN_AI.ERROR_TYPE]).toBe(told[GEN_AI.ERROR_TYPE])
    expect(span?.status).toBe(GEN_AI.ERROR_TYPE in told ? 2 : 0)
    expect(JSON.stringify(span)).not.toContain('secret=1')
  })

  it('whatever it is gives the application what it gets without us', () => {
    expect(watched.map(({ seen }) => seen)).toEqual(bare.map(({ seen }) => seen))
  })
})
