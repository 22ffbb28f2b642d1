// The server behind the source `socket`: in a process of its own, so that its work isn't counted as the application's.
//
// The path says what it answers: /<pieces>/<whole or cut>/…
import { createServer } from 'node:http'
import { eventsOf, HEADERS } from './answers.ts'

const PACE_MS = 1
/** Longer than it takes until a process has its turn again: connections stay open meanwhile. */
const KEEP_ALIVE_S = 600

const server = createServer((request, response) => {
  const [, pieces, ending] = (request.url ?? '').split('/')
  const events = eventsOf({ pieces: Number(pieces), isCut: ending === 'cut' })
  // Each event is a write of its own, like the tokens of a model; and slow enough to be a read of its own as well, since
  // what a client has not read yet is joined to what comes after it.
  const send = (): void => {
    const { value } = events.next()
    if (value === undefined) {
      response.end()
    } else {
      response.write(value)
      setTimeout(send, PACE_MS)
    }
  }
  request.resume()
  response.writeHead(200, { ...Object.fromEntries(HEADERS), 'keep-alive': `timeout=${KEEP_ALIVE_S}` })
  send()
})

server.keepAliveTimeout = KEEP_ALIVE_S * 1000
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
