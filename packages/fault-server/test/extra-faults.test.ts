import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { STALL_MS } from '../src/faults/stall-then-continue.ts'
import { startFaultServer, type FaultServer, type Injector } from '../src/index.ts'
import { askChat, parseAnswer } from './raw-client.ts'

const define = (name: string, play: Injector['play']): Injector => ({
  name,
  summary: 'For a test.',
  api: 'any',
  expected: { outcome: 'completed' },
  play,
})

let server: FaultServer
afterEach(() => server.close())

describe('a fault of the caller', () => {
  it('is asked for like a built-in one', async () => {
    const mine = define('mine', async (exchange) => {
      await exchange.headers(418, { 'content-length': '0' })
      await exchange.end()
    })
    server = await startFaultServer({ extraFaults: [mine] })
    expect(parseAnswer(await askChat(server.port, 'fault:mine')).status).toBe(418)
  })

  it('replaces a built-in one of the same name', async () => {
    const mine = define('http_500', async (exchange) => {
      await exchange.headers(599, { 'content-length': '0' })
      await exchange.end()
    })
    server = await startFaultServer({ extraFaults: [mine] })
    expect(parseAnswer(await askChat(server.port, 'fault:http_500')).status).toBe(599)
  })

  it.each<readonly [name: string, play: Injector['play'], message: string]>([
    ['throws', () => Promise.reject(new Error('oops')), 'oops'],
    [
      'resets a stream of HTTP/1',
      (exchange) => exchange.resetStream('CANCEL'),
      'HTTP/1 has no streams: use startFaultServer({ http2: true }).',
    ],
    ['returns without an end', () => Promise.resolve(), '"mine" returned without end, close, reset or hold.'],
  ])('that %s loses its connection, and its author a warning', async (_, play, message) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    server = await startFaultServer({ extraFaults: [define('mine', play)] })
    expect((await askChat(server.port, 'fault:mine')).bytes).toHaveLength(0)
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message }))
    warn.mockRestore()
  })

  it('needn’t care that the client went away', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    let rejected: Promise<unknown> | undefined
    const mine = define('mine', async (exchange) => {
      await exchange.headers()
      rejected = exchange.hold().catch((error: unknown) => error)
      throw (await rejected) as Error
    })
    server = await startFaultServer({ extraFaults: [mine] })
    const gone = new AbortController()
    await fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      body: '{"model":"fault:mine","stream":true}',
      signal: gone.signal,
    })
    gone.abort()
    expect(await rejected).toMatchObject({ name: 'AbortError' })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})

describe('the pauses', () => {
  /** Milliseconds that an answer takes. */
  const time = async (model: string): Promise<number> => {
    const startedAt = performance.now()
    await askChat(server.port, model)
    return performance.now() - startedAt
  }

  it('of a fault are multiplied by timeScale', async () => {
    server = await startFaultServer({ timeScale: 0 })
    expect(await time('fault:stall_then_continue')).toBeLessThan(STALL_MS)
  })

  it('between events are delayMs each', async () => {
    server = await startFaultServer({ delayMs: 10 })
    expect(await time('plain')).toBeGreaterThan(100)
  })

  it('of a silent exchange end after holdMs', async () => {
    server = await startFaultServer({ holdMs: 30 })
    const answer = await askChat(server.port, 'fault:stall_forever')
    expect(parseAnswer(answer).isWhole).toBe(false)
  })
})
