import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** Ports that are tried after the one that is taken: near it one finds it again. */
const NEIGHBOURS = 20

/** A free port: the next one that is, or any. Another program may still be faster. @throws where there is none at all */
export async function findFreePort(taken: number, host: string): Promise<number> {
  for (let port = taken + 1; port <= Math.min(taken + NEIGHBOURS, 65_535); port++) {
    if ((await tryPort(port, host)) !== undefined) return port
  }
  return (await tryPort(0, host)) ?? 0
}

async function tryPort(port: number, host: string): Promise<number | undefined> {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}
