import type { Receiver } from '../src/index.ts'

import { describe, expect, it } from '@jest/globals'
import { request as httpRequest } from 'node:http'

import { ask } from './ask.ts'
import { post, withReceiver } from './requests.ts'
import { playedTour } from './tour.ts'

/** Posts with headers that `fetch` keeps to itself. */
function postAs(receiver: Receiver, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${receiver.url}/api/tour`, { method: 'POST', headers })
    sent.once('error', reject)
    sent.once('response', (response) => resolve(response.resume().statusCode))
    sent.end('{}')
  })
}

describe('/api/tour', () => {
  it('starts the tour, says how it fares, and starts no second one beside it', async () => {
    const tour = playedTour()
    await withReceiver(
      async (receiver) => {
        expect(await ask(receiver, '/api/tour')).toMatchObject({ status: 200, json: { state: 'ready', failure: null } })
        expect(await post(receiver, '/api/tour', {})).toMatchObject({ status: 202, json: { state: 'running' } })
        expect(await post(receiver, '/api/tour', {})).toMatchObject({
          status: 409,
          json: { message: 'The tour plays already.' },
        })
        expect(tour.startedWith).toEqual([receiver.url])
        tour.end()
        expect((await ask(receiver, '/api/tour')).json).toEqual({ state: 'ready', failure: null })
        expect((await post(receiver, '/api/tour', {})).status).toBe(202)
      },
      { tour },
    )
  })

  it('tells why a tour failed, until the next one starts', async () => {
    const tour = playedTour()
    await withReceiver(
      async (receiver) => {
        await post(receiver, '/api/tour', {})
        tour.fail(new Error('The app did not start.'))
        expect((await ask(receiver, '/api/tour')).json).toEqual({ state: 'ready', failure: 'The app did not start.' })
        expect((await post(receiver, '/api/tour', {})).json).toEqual({ state: 'running', failure: null })
      },
      { tour },
    )
  })

  it('has nothing to start where no tour is given', async () => {
    await withReceiver(async (receiver) => {
      expect(await ask(receiver, '/api/tour')).toMatchObject({ status: 200, json: { state: 'none' } })
      expect(await post(receiver, '/api/tour', {})).toMatchObject({ status: 404 })
    })
  })

  const JSON_TYPE = { 'content-type': 'application/json' }

  it.each<readonly [string, number, Readonly<Record<string, string>>]>([
    ['a page of another site', 403, { ...JSON_TYPE, origin: 'https://evil.example' }],
    ['a page of another port of this machine', 403, { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', 403, { ...JSON_TYPE, origin: 'null' }],
    ['a name that was made to lead here', 421, { ...JSON_TYPE, host: 'evil.example', origin: 'http://evil.example' }],
    ['a form', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form of plain text', 415, { 'content-type': 'text/plain; x=application/json' }],
    ['a request without a content type', 415, {}],
  ])('%s starts nothing: %i', async (_, status, headers) => {
    const tour = playedTour()
    await withReceiver(
      async (receiver) => {
        expect(await postAs(receiver, headers)).toBe(status)
        expect(tour.startedWith).toEqual([])
      },
      { tour },
    )
  })

  it('its own page starts it, whatever name of this machine it was opened by', async () => {
    const tour = playedTour()
    await withReceiver(
      async (receiver) => {
        const origin = `http://localhost:${receiver.port}`
        expect(await postAs(receiver, { ...JSON_TYPE, origin, host: `localhost:${receiver.port}` })).toBe(202)
      },
      { tour },
    )
  })

  it('needs the token where there is one', async () => {
    const tour = playedTour()
    await withReceiver(
      async (receiver) => {
        expect(await postAs(receiver, JSON_TYPE)).toBe(401)
        expect(tour.startedWith).toEqual([])
        expect(await postAs(receiver, { ...JSON_TYPE, authorization: 'Bearer abc' })).toBe(202)
      },
      { tour, token: 'abc' },
    )
  })

  it.each(['PUT', 'DELETE', 'OPTIONS'])('%s is no method of it', async (method) => {
    await withReceiver(async (receiver) => {
      const { status, headers } = await ask(receiver, '/api/tour', method)
      expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD, POST' })
    })
  })
})
