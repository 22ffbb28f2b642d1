import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultProxy, startFaultServer, type FaultServer, type ProxyFault } from '../src/index.ts'
import { formatRequest } from './streaming-request.ts'

let upstream: FaultServer
beforeAll(async () => {
  upstream = await startFaultServer()
})
afterAll(() => upstream.close())

const define = (play: ProxyFault['play']): ProxyFault => ({
  name: 'mine',
  summary: 'For a test.',
  api: 'any',
  expected: { outcome: 'completed' },
  asksUpstream: true,
  play,
})

const { path, body } = formatRequest('chat', 'plain')

describe('a fault of the caller', () => {
  it('answers in the place of the upstream', async () => {
    const fault = define(async (exchange) => {
      exchange.strike()
      await exchange.headers(418, { 'content-length': '0' })
      await exchange.end()
    })
    await using proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault }] })
    expect((await fetch(proxy.baseURL + path, { method: 'POST', body })).status).toBe(418)
    expect(proxy.log).toMatchObject([{ fault: 'mine', state: 'struck', upstreamStatus: undefined }])
  })

  it.each<readonly [name: string, play: ProxyFault['play'], message: string]>([
    ['throws', () => Promise.reject(new Error('oops')), 'oops'],
    ['returns without an end', () => Promise.resolve(), '"mine" returned without end, close, reset or hold.'],
  ])('that %s loses its connection, and its author a warning', async (_, play, message) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault: define(play) }] })
    await expect(fetch(proxy.baseURL + path, { method: 'POST', body })).rejects.toThrow('fetch failed')
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message }))
    warn.mockRestore()
  })

  it('gets the bytes of the upstream as they are, whatever their borders', async () => {
    const fault = define(async (exchange) => {
      await exchange.upstream.open()
      for (let event = await exchange.upstream.next(); event !== undefined; event = await exchange.upstream.next()) {
        await exchange.write(event.bytes)
      }
      await exchange.end()
    })
    await using proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault }] })
    for (const spelling of ['cr', 'crlf', 'odd_pieces', 'bom', 'comments', 'multi_data', 'one_write']) {
      const asked = formatRequest('chat', `healthy:${spelling}`)
      const [direct, proxied] = await Promise.all(
        [upstream, proxy].map(async ({ baseURL }) =>
          (await fetch(baseURL + asked.path, { method: 'POST', body: asked.body })).text(),
        ),
      )
      expect(proxied).toBe(direct)
    }
  })
})
