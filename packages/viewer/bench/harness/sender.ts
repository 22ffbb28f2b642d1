import { Agent, request } from 'node:http'

import type { Body } from './telemetry.ts'

/** Fewer than the receiver takes: where it lags behind, requests wait here. */
const MAX_CONNECTIONS = 32

const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS })

/**
 * Posts a body of traces, and ends the bench where it isn't taken.
 *
 * A server closes a connection that was idle, 5 s by Node.js's default, and may do so while a request is on its way to it. Then
 * the request goes out again, as those of OpenTelemetry's exporters do: what is sent twice is stored once.
 */
export async function post(url: string, body: Body): Promise<void> {
  while ((await postOnce(url, body)) === 'connection was closed');
}

function postOnce(url: string, { bytes, headers }: Body): Promise<'taken' | 'connection was closed'> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/traces`, {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
    })
    sent.once('error', (error) => {
      if (sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve('connection was closed')
      else reject(error)
    })
    sent.once('response', (response) => {
      response.resume()
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve('taken')
        else reject(new Error(`a body was answered with ${String(response.statusCode)}`))
      })
    })
    sent.end(bytes)
  })
}

/** Posts the bodies one after the other, over so many connections. Resolves with what that took in milliseconds. */
export async function postAll(url: string, bodies: readonly Body[], connections: number): Promise<number> {
  const queue = bodies.values()
  const start = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const body of queue) await post(url, body)
    }),
  )
  return performance.now() - start
}
