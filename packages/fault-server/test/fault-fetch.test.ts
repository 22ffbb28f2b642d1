import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { StreamReport } from '@streamgauge/core'
import {
  expectedFor,
  faultFetch,
  FAULTS,
  HEALTHY,
  listApis,
  startFaultServer,
  type FaultFetch,
  type FaultFetchOptions,
  type Injector,
  type StreamingApi,
} from '../src/index.ts'
import { observe } from './observe.ts'
import { formatRequest } from './streaming-request.ts'

const BASE_URL = 'https://api.openai.com/v1'

type Case = readonly [name: string, injector: Injector, api: StreamingApi]

const listCases = (prefix: string, injectors: readonly Injector[]): readonly Case[] =>
  injectors.flatMap((injector) =>
    listApis(injector).map((api) => [`${prefix}:${injector.name}`, injector, api] as const),
  )

const CASES = [...listCases('healthy', HEALTHY), ...listCases('fault', FAULTS)]

/** An exchange that never ends says nothing more than one that is cut short by the server. */
const FAST = { timeScale: 0, holdMs: 100 }

/** All that an application can learn of an error, its causes included; a socket's own address is left out. */
const tellError = (error: unknown): unknown => {
  if (typeof error !== 'object' || error === null) return undefined
  const { name, message, code, cause } = error as Error & { readonly code?: string }
  // undici 6, in Node.js 22, names what undici 7 doesn't.
  return { name, message, code: name === 'HTTPParserError' ? undefined : code, cause: tellError(cause) }
}

/** All that an application can see of an answer; how it was cut into reads is the network's. */
const tell = async (fetch: typeof globalThis.fetch, baseURL: string, [model, , api]: Case): Promise<object> => {
  const { path, body } = formatRequest(api, model)
  const chunks: Uint8Array[] = []
  const text = (): string => Buffer.concat(chunks).toString('latin1')
  let head = {}
  try {
    const response = await fetch(baseURL + path, { method: 'POST', body })
    head = { status: response.status, statusText: response.statusText, headers: [...response.headers] }
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
    return { ...head, text: text() }
  } catch (error) {
    return { ...head, text: text(), error: tellError(error) }
  }
}

describe('an application', () => {
  const seen = new Map<Case, readonly [unknown, unknown]>()
  beforeAll(async () => {
    await using server = await startFaultServer(FAST)
    await using fetch = faultFetch(FAST)
    const waiting = [...CASES]
    const next = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        seen.set(one, [await tell(fetch, BASE_URL, one), await tell(globalThis.fetch, server.baseURL, one)])
      }
    }
    await Promise.all(Array.from({ length: 4 }, next))
  }, 60_000)

  it.each(CASES.map((one) => [one[0], one[2], one] as const))(
    'sees of %s in %s what it sees through a socket',
    (_, __, one) => {
      const [within, through] = seen.get(one) as readonly [unknown, unknown]
      expect(within).toEqual(through)
    },
  )
})

describe('an observer', () => {
  const CHAT = CASES.filter(([, , api]) => api === 'chat')
  const reports = new Map<Case, StreamReport>()
  beforeAll(async () => {
    await using fetch = faultFetch()
    await Promise.all(
      CHAT.map(async (one) => {
        const [name, injector, api] = one
        const [prefix = ''] = name.split(':')
        reports.set(one, await observe({ baseURL: BASE_URL, fetch }, injector, prefix, api))
      }),
    )
  }, 60_000)

  it.each(CHAT.map((one) => [one[0], one] as const))('says of %s without a socket what the table says', (_, one) => {
    const { outcome, fault } = reports.get(one) as StreamReport
    const expected = expectedFor(one[1], 6)
    expect({ outcome, errorType: fault?.code, detail: fault?.detail }).toEqual({
      outcome: expected.outcome,
      errorType: expected.errorType,
      detail: expected.detail,
    })
  })
})

describe('a fetch without a socket', () => {
  let fetch: FaultFetch
  afterEach(() => fetch.close())

  const ask = (model: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${BASE_URL}/chat/completions`, { method: 'POST', body: JSON.stringify({ model, stream: true }), ...init })

  it('hands over each write as a read of its own', async () => {
    fetch = faultFetch()
    const sizes: number[] = []
    const { body } = await ask('healthy:bytewise')
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) sizes.push(chunk.length)
    expect(new Set(sizes)).toEqual(new Set([1]))
  })

  it('takes a Request, a URL, and the control route', async () => {
    fetch = faultFetch()
    const arm = { method: 'POST', body: '{"name":"http_500"}' }
    expect((await fetch(new URL('http://anywhere/_control/next'), arm)).status).toBe(200)
    expect((await fetch(new Request('http://anywhere/v1/models'))).status).toBe(500)
    expect(fetch.requests).toBe(1)
  })

  it('answers with a Response of the runtime', async () => {
    fetch = faultFetch()
    expect(await ask('plain')).toBeInstanceOf(Response)
  })

  it('may stand in for the fetch of the runtime', async () => {
    const original = globalThis.fetch
    try {
      globalThis.fetch = faultFetch()
      fetch = faultFetch()
      globalThis.fetch = fetch
      expect((await globalThis.fetch(`${BASE_URL}/models`)).status).toBe(200)
      expect(fetch.requests).toBe(1)
    } finally {
      globalThis.fetch = original
    }
  })

  it('ends a stream that the caller aborts', async () => {
    fetch = faultFetch()
    const gone = new AbortController()
    const response = await ask('fault:stall_forever', { signal: gone.signal })
    gone.abort()
    await expect(response.text()).rejects.toThrow('aborted')
  })

  it('waits for a reader that takes its time', async () => {
    let written = 0
    const MEGABYTE = new Uint8Array(2 ** 20)
    const endless = {
      ...(FAULTS[0] as Injector),
      name: 'endless',
      play: async (exchange: Parameters<Injector['play']>[0]) => {
        await exchange.headers()
        for (; written < 100; written += 1) await exchange.write(MEGABYTE)
        await exchange.end()
      },
    }
    fetch = faultFetch({ extraFaults: [endless] })
    const response = await ask('fault:endless')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    for (let turn = 0; turn < 1000; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(written).toBeLessThan(10)
    await reader.cancel()
  })

  it('ends what it holds when it is closed, and answers nothing more', async () => {
    fetch = faultFetch()
    const held = ask('fault:slow_headers')
    const stalled = await ask('fault:stall_forever')
    await Promise.all([fetch.close(), fetch.close()])
    expect(await held.catch(tellError)).toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
    await expect(stalled.text()).rejects.toThrow('terminated')
    await expect(ask('plain')).rejects.toThrow('fetch failed')
  })

  it('ends a request that had no connection yet when it was closed', async () => {
    fetch = faultFetch()
    const [asked] = await Promise.allSettled([ask('fault:stall_forever'), fetch.close()])
    expect(asked).toMatchObject({ status: 'rejected', reason: { message: 'fetch failed' } })
  })

  it('refuses a fault that needs HTTP/2, and says what has it', async () => {
    fetch = faultFetch()
    const response = await ask('fault:h2_goaway')
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('use startFaultServer({ http2: true })')
  })
})

it.each<readonly [options: object, message: string]>([
  [{ port: 80 }, 'Option "port" needs a socket: use startFaultServer.'],
  [{ http2: true }, 'Option "http2" needs a socket: use startFaultServer.'],
  [{ seed: -1 }, 'Option "seed" must be an integer from 0 to 4294967295; received -1.'],
  [{ sead: 1 }, 'Unknown option "sead": allowed are seed, timeScale, delayMs, settleMs, holdMs, extraFaults.'],
])('%j is refused without a socket', (options, message) => {
  expect(() => faultFetch(options as FaultFetchOptions)).toThrow(new RangeError(message))
})
