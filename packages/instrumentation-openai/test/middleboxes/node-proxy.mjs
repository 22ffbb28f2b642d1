// A proxy as people write them with Node.js: http-proxy, with and without the compression of Express.
//
//   node node-proxy.mjs <upstream port> <name>=<port> …
import { createServer } from 'node:http'
import compression from 'compression'
import httpProxy from 'http-proxy'

const [, , upstream, ...ports] = process.argv
const target = `http://127.0.0.1:${upstream}`
// Whatever its size: short answers count as well.
const compress = compression({ threshold: 0, filter: () => true })

/** What a proxy does to a response before it is proxied. */
const WAYS = {
  plain: (_request, _response, next) => next(),
  compressed: compress,
  flushed: (request, response, next) =>
    compress(request, response, () => {
      const write = response.write.bind(response)
      response.write = (...args) => {
        const isWritten = write(...args)
        response.flush()
        return isWritten
      }
      next()
    }),
}

for (const [name, port] of ports.map((text) => text.split('='))) {
  const proxy = httpProxy.createProxyServer({ target })
  const answer = (error, _request, response) => {
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(error.code)
  }
  createServer((request, response) => {
    WAYS[name](request, response, () => proxy.web(request, response, {}, (error) => answer(error, request, response)))
  }).listen(Number(port), '127.0.0.1')
}
