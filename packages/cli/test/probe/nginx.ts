import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { canMakeCertificates, makeCertificate } from './certificate.ts'

/** Longest that it lives, in seconds, should nobody be left to end it. */
const LIFE_S = 120
/** Longest that it may take until it listens, in milliseconds. */
const START_MS = 20_000

const MODERN = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const GZIP = 'gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;'

/** Ways through nginx: what stands in the `location` of each. */
const ROUTES = {
  unbuffered: `${MODERN} proxy_buffering off;`,
  gzip_unbuffered: `${MODERN} proxy_buffering off; ${GZIP}`,
  gzip_buffered: `${MODERN} proxy_buffering on; ${GZIP}`,
  http10: 'proxy_buffering off;',
  defaults: '',
  error_page: 'return 502;',
  redirect: 'return 301 https://elsewhere.example$request_uri;',
} as const

/** @see ROUTES */
export type Route = keyof typeof ROUTES | 'tls' | 'tls_buffered'

/** A running nginx. */
export interface Nginx {
  readonly baseURL: (route: Route) => string
  /** The certificate that its TLS routes have, by its own authority. */
  readonly certificate: string
  readonly stop: () => Promise<void>
}

/** The path of nginx and openssl, if both are installed. */
export function findNginx(): string | undefined {
  const path = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((name) => existsSync(name))
  return canMakeCertificates() ? path : undefined
}

/** Starts nginx in front of a server of this machine, and waits until every route is listened on. */
export async function startNginx(program: string, upstream: number): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  const names: readonly Route[] = [...(Object.keys(ROUTES) as (keyof typeof ROUTES)[]), 'tls', 'tls_buffered']
  const ports = await Promise.all(names.map(freePort))
  const portOf = (route: Route): number => ports[names.indexOf(route)] ?? 0
  const certificate = makeCertificate(folder)
  await writeFile(join(folder, 'nginx.conf'), configure(names, portOf, upstream))
  // `timeout` of coreutils outlives a test run that was killed, and ends what would stay behind.
  const child = spawn('timeout', ['-k', '1', `${LIFE_S}`, program, '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = `${log}${text}`.slice(-4000)))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(ports.map((port) => untilListening(port, child)))
  } catch (error) {
    await stop()
    throw new Error(`nginx does not listen: ${log}`, { cause: error })
  }
  return {
    baseURL: (route) =>
      isTls(route) ? `https://localhost:${portOf(route)}/v1` : `http://127.0.0.1:${portOf(route)}/v1`,
    certificate,
    stop,
  }
}

function isTls(route: Route): boolean {
  return route === 'tls' || route === 'tls_buffered'
}

function configure(names: readonly Route[], portOf: (route: Route) => number, upstream: number): string {
  const servers = names.map((name) => {
    const location = name === 'tls' ? ROUTES.unbuffered : name === 'tls_buffered' ? ROUTES.gzip_buffered : ROUTES[name]
    const tls = isTls(name) ? ' ssl http2; ssl_certificate cert.pem; ssl_certificate_key key.pem' : ''
    const pass = location.startsWith('return') ? '' : `proxy_pass http://127.0.0.1:${upstream};`
    return `server { listen 127.0.0.1:${portOf(name)}${tls}; location / { ${location} ${pass} } }`
  })
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  ${servers.join('\n  ')}
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error(`nobody listens on ${port} after ${START_MS} ms`)
    await setTimeout(25)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (isOpen: boolean): void => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
