import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { startProgram, type Running } from './start-program.ts'

/** A span as it came out at the end. */
export interface Span {
  readonly traceId: string
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Stands where Tempo stands, for whatever speaks OTLP over gRPC; what comes can be read. */
export interface TraceSink {
  readonly spans: readonly Span[]
  stop(): Promise<void>
}

interface OtlpTraces {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[]
  }[]
}

interface OtlpSpan {
  readonly traceId: string
  readonly name: string
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}

/**
 * A Collector takes gRPC, and hands on JSON to a server of ours.
 *
 * @param address where it takes OTLP over gRPC, `host:port`
 */
export async function startTraceSink(
  address: string,
  folder: string,
  [http, health]: readonly number[],
): Promise<TraceSink> {
  const spans: Span[] = []
  const server = await listen(http ?? 0, (body) => {
    spans.push(...readSpans(JSON.parse(body) as OtlpTraces))
  })
  const config = join(folder, 'trace-sink.yaml')
  writeFileSync(config, sinkConfig(address, http ?? 0, health ?? 0))
  let collector: Running
  try {
    collector = await startProgram('otelcol', {
      args: ['--config', config],
      folder,
      readyUrl: `http://127.0.0.1:${health}`,
    })
  } catch (error) {
    server.close()
    throw error
  }
  return {
    spans,
    stop: async () => {
      await collector.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sinkConfig(address: string, http: number, health: number): string {
  return `
extensions: { health_check: { endpoint: 127.0.0.1:${health} } }
receivers: { otlp: { protocols: { grpc: { endpoint: ${address} } } } }
exporters: { otlp_http: { endpoint: http://127.0.0.1:${http}, encoding: json, compression: none } }
service:
  extensions: [health_check]
  pipelines: { traces: { receivers: [otlp], exporters: [otlp_http] } }
  telemetry: { metrics: { level: none } }
`
}

function listen(port: number, take: (body: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      take(Buffer.concat(pieces).toString('utf8'))
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function readSpans({ resourceSpans = [] }: OtlpTraces): readonly Span[] {
  return resourceSpans
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .flatMap(({ spans = [] }) => spans)
    .map(({ traceId, name, attributes = [] }) => ({
      traceId,
      name,
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }))
}
