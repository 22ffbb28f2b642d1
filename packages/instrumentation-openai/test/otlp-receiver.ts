import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A span as OTLP/JSON has it, as far as the tests look at it. */
export interface OtlpSpan {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

/** Receives telemetry by OTLP/HTTP and JSON on loopback. */
export interface OtlpReceiver {
  /** What sends an application's telemetry here. */
  readonly env: Readonly<Record<string, string>>
  readonly spans: OtlpSpan[]
  /** Spans of requests, without those of chunks. */
  requestSpans(): OtlpSpan[]
  /** Everything that was received, as text. */
  readonly bodies: string[]
  close(): Promise<void>
}

/** Starts a receiver on a free port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: OtlpSpan[] = []
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const raw = Buffer.concat(pieces)
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8')
      bodies.push(text)
      if (request.url === '/v1/traces') spans.push(...readSpans(text))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
    },
    spans,
    bodies,
    requestSpans: () => spans.filter(({ name }) => name !== 'streamgauge.chunk'),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface TracesRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[]
}

function readSpans(text: string): OtlpSpan[] {
  const { resourceSpans } = JSON.parse(text) as TracesRequest
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => [...spans]))
}
