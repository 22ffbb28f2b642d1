import { createRequire } from 'node:module'
import { BUFFERED } from '../middleboxes/middlebox.ts'
import type { TriedProduct } from './trial.ts'

const { resolve } = createRequire(import.meta.url)

/** A server that proxies, as people write them with Express; what it uses of that are the middlewares. */
export const expressCompression: TriedProduct = {
  id: 'express_compression',
  name: 'Express compression',
  install: 'pnpm install',
  program: process.execPath,
  trials: { compression: { upstream: 'long', broken: BUFFERED } },
  files: ({ port, upstream }, paste) => ({
    'server.mjs': `
import { createServer } from 'node:http'
import compression from '${resolve('compression')}'
import httpProxy from '${resolve('http-proxy')}'

const middlewares = []
const app = { use: (middleware) => middlewares.push(middleware) }
${paste('compression') || 'app.use(compression())'}

const proxy = httpProxy.createProxyServer({ target: 'http://127.0.0.1:${upstream}' })
createServer((request, response) => {
  middlewares[0](request, response, () => proxy.web(request, response, {}, () => response.destroy()))
}).listen(${port('compression')}, '127.0.0.1')
`,
  }),
  args: () => ['--no-deprecation', 'server.mjs'],
}
