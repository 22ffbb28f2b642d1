import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A server that answers with the events of `answers.ts`, over a loopback connection. */
export interface SocketServer {
  readonly url: string
  stop(): void
}

export async function startServer(): Promise<SocketServer> {
  const child = fork(join(import.meta.dirname, 'socket-server.ts'), {
    execArgv: ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'],
  })
  const [{ address, port }] = (await once(child, 'message')) as [AddressInfo]
  return { url: `http://${address}:${port}`, stop: () => void child.kill() }
}
