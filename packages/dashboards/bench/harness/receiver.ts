import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export type Signal = 'traces' | 'metrics' | 'logs'

/** One export, as it came over the wire and as it is without gzip. */
export interface Export {
  readonly signal: Signal
  readonly wireBytes: number
  readonly body: Uint8Array
}

/** Takes telemetry by OTLP/HTTP on loopback, and keeps what came. */
export interface Receiver {
  readonly url: string
  readonly exports: Export[]
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const exports: Export[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const raw = Buffer.concat(pieces)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
      exports.push({ signal: request.url?.replace('/v1/', '') as Signal, wireBytes: raw.length, body })
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
