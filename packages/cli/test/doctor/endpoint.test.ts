import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, jest } from '@jest/globals'
import { LIMIT_MS } from '../run-cli.ts'
import { about } from './doctor-json.ts'
import { examineIn } from './examine-in.ts'
import { COMPLETE, makeProject } from './make-project.ts'

jest.setTimeout(LIMIT_MS)

const START = { scripts: { start: 'node --import @streamgauge/instrumentation-openai/register app.mjs' } }

describe('the endpoint', () => {
  interface Asked {
    readonly path: string | undefined
    readonly type: string | undefined
    readonly token: unknown
    readonly body: string
  }

  /** What the doctor says of an endpoint that answers with a status, and what it sent there. */
  async function ask(
    status: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<readonly [readonly string[], Asked[]]> {
    const asked: Asked[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.once('end', () => {
        asked.push({
          path: request.url,
          type: request.headers['content-type'],
          token: request.headers['x-token'],
          body,
        })
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const run = await examineIn(makeProject({ json: START, links: COMPLETE }), {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      ...env,
    })
    server.close()
    return [
      about(run, 'endpoint').map((text) => text.replace(url, 'URL')),
      asked.toSorted((a, b) => (a.path ?? '').localeCompare(b.path ?? '')),
    ]
  }

  it('one that takes telemetry is asked with nothing in it, in protobuf and with the headers that are set', async () => {
    const [says, asked] = await ask(200, { OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20secret' })
    expect(says).toEqual(['ok: URL takes telemetry (http/protobuf).'])
    expect(asked).toEqual(
      ['logs', 'metrics', 'traces'].map((signal) => ({
        path: `/v1/${signal}`,
        type: 'application/x-protobuf',
        token: 'a secret',
        body: '',
      })),
    )
  })

  it('JSON is sent where JSON is set', async () => {
    const [says, asked] = await ask(200, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_LOGS_EXPORTER: 'none' })
    expect(says).toEqual(['ok: URL takes telemetry (http/json) (traces, metrics).'])
    expect(asked.map(({ type, body }) => [type, body])).toEqual([
      ['application/json', '{}'],
      ['application/json', '{}'],
    ])
  })

  it.each<readonly [number, string]>([
    [401, 'problem: URL refuses the credentials: status 401.'],
    [404, 'problem: URL takes no telemetry at this path: status 404.'],
    [415, 'problem: URL does not take http/protobuf: status 415.'],
    [503, 'warning: URL answers with status 503 to a request with nothing in it.'],
  ])('status %i is told of', async (status, sentence) => {
    expect((await ask(status))[0]).toEqual([sentence])
  })

  it('one where nobody listens names who would', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
    const { findings } = await examineIn(makeProject({ json: START, links: COMPLETE }), env)
    expect(findings).toContainEqual({
      level: 'problem',
      subject: 'endpoint',
      text: 'Nobody listens on http://127.0.0.1:9.',
      remedy:
        'Start `streamgauge view`, which listens on port 4318, or set OTEL_EXPORTER_OTLP_ENDPOINT to where a collector is.',
    })
  })

  it('credentials in an address are not shown', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:secret@127.0.0.1:9',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'me:secret@host',
    }
    const run = await examineIn(makeProject({ json: START, links: COMPLETE }), env)
    expect(about(run, 'endpoint')).toHaveLength(2)
    expect(JSON.stringify(run)).not.toContain('secret')
  })

  it('what is no URL is told of', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }
    const run = await examineIn(makeProject({ json: START, links: COMPLETE }), env)
    expect(about(run, 'endpoint')[0]).toMatch(/^problem: OTEL_EXPORTER_OTLP_ENDPOINT is no URL: "localhost:4318/)
  })
})
