import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Arrival } from './apps/arrival.ts'
import { chatEvent, DONE } from './replay.ts'
import { runApp } from './run-app.ts'

// What is told of when the bytes came must be true of the network, not of the application that read them. The server is in
// another process than the application, whose event loop is blocked at times.
const EVENTS = 40
const event = chatEvent({ content: 'word ' })
const end = chatEvent({}, 'stop') + DONE

const MODELS: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
  steady: async (response) => {
    // Time enough for an application that has the headers to block itself before the first event.
    await sleep(150)
    for (let i = 0; i < EVENTS; i++) {
      response.write(event)
      await sleep(30)
    }
  },
  held: async (response) => {
    // Far longer than a machine that is busy with other things keeps the application from looking.
    await sleep(3000)
    // With the end, in one write.
    response.end(event.repeat(EVENTS) + end)
  },
  bursts: async (response) => {
    for (let i = 0; i < 4; i++) {
      await sleep(250)
      response.write(event.repeat(EVENTS / 4))
    }
  },
}

let server: Server
let baseURL: string
beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const { model } = JSON.parse(body) as { readonly model: string }
      response.writeHead(200, { 'content-type': 'text/event-stream', server: 'nginx' })
      response.flushHeaders()
      await MODELS[model.split('/')[0] ?? '']?.(response)
      if (!response.writableEnded) response.end(end)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** undici tells of the wire from Node.js 24 on. */
const hasWire = Number(process.versions.node.split('.')[0]) >= 24

async function run(major: number, ...flags: string[]): Promise<Arrival> {
  const { stdout, stderr, exitCode } = await runApp('arrival.ts', [`${major}`, baseURL, ...flags])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Arrival
}

describe.each([6, 7])('openai %i: what is told of the arrival', (major) => {
  it('is true of the network, whatever the application does', async () => {
    const { anomalies, heard } = await run(major)
    expect(anomalies).toEqual({
      'a steady stream': [],
      'a steady stream, the loop blocked after the headers': [],
      'a steady stream, its consumer late': [],
      'a steady stream, its consumer slow': [],
      'a steady stream, read whole by the application': hasWire ? [] : ['buffered'],
      'a held stream': ['buffered'],
      'a held stream, read whole by the application': ['buffered'],
      'a held stream, the loop busy in many short turns': ['buffered'],
      'a stream in bursts': ['coalesced'],
    })
    expect(heard).toEqual([false, true, true, false])
  }, 60_000)

  it('rests on the reads alone where there is no context to tell whose piece of the wire it is', async () => {
    const { anomalies } = await run(major, 'without-context')
    expect(anomalies).toMatchObject({
      'a steady stream': [],
      'a steady stream, the loop blocked after the headers': [],
      'a steady stream, read whole by the application': ['buffered'],
      'a held stream': ['buffered'],
      'a held stream, the loop busy in many short turns': ['buffered'],
      'a stream in bursts': ['coalesced'],
    })
  }, 60_000)
})
