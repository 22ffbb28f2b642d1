import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer } from '@streamgauge/fault-server'
import type { ContextResult } from './apps/context.ts'
import { runApp } from './run-app.ts'

// Our span stands between the application's and those of the HTTP client, and the application's code finds what it finds
// without us. openai 4 sends by node:http, the others by undici.
const MAJORS = [4, 5, 6, 7] as const
const MODES = ['bare', 'watched', 'noManager'] as const
type Mode = (typeof MODES)[number]

interface Run extends ContextResult {
  /** The header `baggage` of what was sent to the server that refuses. */
  readonly baggage: readonly unknown[]
}

const runs = new Map<string, Run>()

beforeAll(async () => {
  const server = await startFaultServer()
  const baggage: unknown[] = []
  const refusing = createServer((request, response) => {
    baggage.push(request.headers['baggage'])
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after-ms': '1' }).end('{}')
  })
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
  const refusingURL = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/v1`
  try {
    for (const major of MAJORS) {
      for (const mode of MODES) {
        const result = await play(`${major}`, server.baseURL, refusingURL, mode)
        runs.set(`${major} ${mode}`, { ...result, baggage: baggage.splice(0) })
      }
    }
  } finally {
    await server.close()
    refusing.closeAllConnections()
    await new Promise((resolve) => refusing.close(resolve))
  }
}, 120_000)

async function play(...args: readonly string[]): Promise<ContextResult> {
  const { stdout, stderr, exitCode } = await runApp('context.ts', args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as ContextResult
}

function find(major: number, mode: Mode): Run {
  const found = runs.get(`${major} ${mode}`)
  if (found === undefined) throw new Error(`openai ${major} was not played ${mode}`)
  return found
}

const STREAMED = ['iterated', 'tee', 'readable', 'with_response', 'chained', 'helper', 'answer']

describe.each(MAJORS)('openai %i', (major) => {
  it.each(STREAMED)("the span of the HTTP client is below ours, and ours below the application's: %s", (use) => {
    expect(find(major, 'watched').paths[use]).toEqual([
      use,
      `${use} > chat healthy:plain`,
      `${use} > chat healthy:plain > POST`,
    ])
    expect(find(major, 'bare').paths[use]).toEqual([use, `${use} > POST`])
  })

  it('a stream that is read in another span stays below the one it was asked for in', () => {
    expect(find(major, 'watched').paths['elsewhere']).toEqual([
      'elsewhere',
      'elsewhere > chat healthy:plain',
      'elsewhere > chat healthy:plain > POST',
      'elsewhere > elsewhere, reader',
    ])
  })

  it('attempts are side by side below the one span of their request', () => {
    const { paths, attempts } = find(major, 'watched')
    expect(paths['retried']).toEqual([
      'retried',
      'retried > chat healthy:plain',
      'retried > chat healthy:plain > POST',
      'retried > chat healthy:plain > POST',
    ])
    expect(attempts).toEqual([2])
  })

  it('code of the application finds its own span active wherever it runs', () => {
    const { active } = find(major, 'watched')
    expect(active).toEqual(find(major, 'bare').active)
    expect(active).toMatchObject({
      'for await': ['iterated'],
      'tee, left': ['tee'],
      toReadableStream: ['readable'],
      'helper, chunk': ['helper'],
      elsewhere: ['elsewhere, reader'],
    })
  })

  it('a hundred streams at once in ten spans do not mix', () => {
    const { mixed, paths } = find(major, 'watched')
    expect(mixed).toBe(0)
    for (let at = 0; at < 10; at++) {
      const streams = Array.from({ length: 10 }, () => `many ${at} > chat healthy:plain`)
      expect(paths[`many ${at}`]).toEqual([`many ${at}`, ...streams])
    }
  })

  it('baggage goes with every attempt', () => {
    expect(find(major, 'watched').baggage).toEqual(['use=retried', 'use=retried'])
    expect(find(major, 'bare').baggage).toEqual(['use=retried', 'use=retried'])
  })

  it('without a context manager every request has its span and is counted, with its attempts', () => {
    const { paths, attempts, ended } = find(major, 'noManager')
    for (const use of STREAMED) expect(paths[use]).toEqual(['POST', use, 'chat healthy:plain'].toSorted())
    expect(paths['retried']).toEqual(['POST', 'POST', 'chat healthy:plain', 'retried'])
    expect({ attempts, ended }).toEqual({ attempts: [2], ended: find(major, 'watched').ended })
  })
})
