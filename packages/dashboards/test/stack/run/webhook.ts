import { createServer } from 'node:http'

/** One alert of a message of Alertmanager. */
export interface ToldAlert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Takes what Alertmanager sends. */
export interface Webhook {
  readonly told: readonly ToldAlert[]
  stop(): Promise<void>
}

export async function startWebhook(port: number): Promise<Webhook> {
  const told: ToldAlert[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { alerts: readonly ToldAlert[] }
      told.push(...message.alerts)
      response.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    told,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
