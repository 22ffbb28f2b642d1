import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { get } from 'node:http'

import { openStore } from '../src/index.ts'
import { ask } from './ask.ts'
import { span, streamSpan } from './records.ts'
import { withReceiver } from './requests.ts'

describe('GET /api/live', () => {
  it('tells of what arrives, and ends with the store', async () => {
    await withReceiver(async (receiver) => {
      const response = await fetch(`${receiver.url}/api/live`)
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
      receiver.store.ingest({ signal: 'traces', records: [streamSpan(1), span(2)] })
      receiver.store.close()
      expect(await response.text()).toBe('retry: 2000\n\nevent: ingest\ndata: {"signal":"traces","streams":1}\n\n')
    })
  })

  it('more than 32 listeners are told to wait, until one goes', async () => {
    await withReceiver(async (receiver) => {
      const requests = Array.from({ length: 32 }, () => get(`${receiver.url}/api/live`))
      await Promise.all(requests.map((request) => once(request, 'response')))
      const refused = await ask(receiver, '/api/live')
      expect(refused).toMatchObject({
        status: 503,
        json: { message: expect.stringMatching(/^32 pages listen already/) },
      })
      for (const request of requests) request.on('error', () => {}).destroy()
      // The server learns of it when it may.
      let status = 503
      while (status === 503) {
        const response = await fetch(`${receiver.url}/api/live`)
        status = response.status
        await response.body?.cancel()
      }
      expect(status).toBe(200)
    })
  })
})

describe('every answer', () => {
  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('to %s on the API is 405', async (method) => {
    await withReceiver(async (receiver) => {
      const { status, headers, json } = await ask(receiver, '/api/streams', method)
      expect({ status, json }).toEqual({ status: 405, json: { message: 'Only GET goes to /api/streams.' } })
      expect(headers.get('allow')).toBe('GET, HEAD')
    })
  })

  it.each([
    '/api',
    '/api/',
    '/api/nothing',
    '/api/streams/1',
    '/api/overview/1',
    '/api/__proto__',
    '/assets/../x',
    '//x',
  ])('of %s is 404', async (path) => {
    await withReceiver(async (receiver) => {
      const { status, json } = await ask(receiver, path)
      expect({ status, json }).toEqual({
        status: 404,
        json: { message: expect.stringMatching(/^There is no [^.]+\.$/) },
      })
    })
  })

  it('to a name that is not this machine is 421: a page of another site may have its name lead here', async () => {
    await withReceiver(async (receiver) => {
      const statuses = ['evil.example', `evil.example:${receiver.port}`, 'localhost:1', '127.0.0.1'].map(
        async (host) => {
          const request = get(`${receiver.url}/api/faults`, { headers: { host } })
          const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }]
          response.resume()
          return response.statusCode
        },
      )
      expect(await Promise.all(statuses)).toEqual([421, 421, 200, 200])
    })
  })

  it('to HEAD has the headers alone', async () => {
    await withReceiver(async (receiver) => {
      const response = await fetch(`${receiver.url}/api/faults`, { method: 'HEAD' })
      expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000)
      expect(await response.text()).toBe('')
    })
  })

  it('of a closed store is 500 with one sentence', async () => {
    const store = openStore()
    await withReceiver(
      async (receiver) => {
        store.close()
        expect(await ask(receiver, '/api/streams')).toMatchObject({
          status: 500,
          json: { message: 'The viewer failed: The telemetry store is closed: open another one.' },
        })
      },
      { store },
    )
  })
})
