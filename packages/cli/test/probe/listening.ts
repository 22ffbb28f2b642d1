import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { afterAll } from '@jest/globals'

const servers: Server[] = []

afterAll(() => {
  for (const server of servers) server.close()
})

/** Has a server listen on this machine until the tests of the file are over; gives its port. */
export async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
