import type { Product } from '../setting.ts'

export const expressCompression: Product = {
  id: 'express_compression',
  name: 'Express compression',
  kind: 'middleware',
  settings: [
    {
      topic: 'compression',
      where: 'where the server says `app.use(compression())`, in its place',
      snippet: `app.use(
  compression({
    filter: (request, response) =>
      !String(response.getHeader('content-type')).startsWith('text/event-stream') &&
      compression.filter(request, response),
  }),
)`,
      why: 'What is compressed waits until there is enough to compress, unless each event is flushed.',
      bites: 'It compresses every kind of text, event streams among them.',
      since: '1.3.0',
      source: 'https://expressjs.com/en/resources/middleware/compression.html',
      verified: 'run',
    },
  ],
  without: {},
}
