import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../../..')
const SCRIPT = join(ROOT, 'packages/dashboards/scripts/stack.ts')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-'))
})
const closing: (() => unknown)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
  rmSync(folder, { recursive: true })
})

interface Run {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** What the fake programs were asked, a line each. */
  readonly asked: readonly string[]
}

/** Puts a program of this name first on the PATH; it notes how it was called, then does what the shell lines say. */
function fake(name: string, lines: string): void {
  const path = join(folder, 'bin', name)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "${folder}/asked"\n${lines}\nexit 0\n`)
  chmodSync(path, 0o755)
}

/** A docker that works: `compose` is its plugin. */
const WORKING = `
case "$*" in
  version*) echo 28.2.2;;
  "compose version --short") echo 5.6.0;;
esac`

async function run(args: readonly string[] = [], env: Readonly<Record<string, string | undefined>> = {}): Promise<Run> {
  const ports = await listFreePorts(PORT_VARIABLES.length)
  const child = spawn(
    process.execPath,
    // Behind `--` an `--env-file` is not for Node.js.
    ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', '--', SCRIPT, ...args],
    {
      cwd: folder,
      env: {
        PATH: join(folder, 'bin'),
        ...Object.fromEntries(PORT_VARIABLES.map((name, i) => [name, String(ports[i])])),
        ALERT_WEBHOOK_URL_FILE: '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const log = join(folder, 'asked')
  const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  return { exitCode, stdout, stderr, asked }
}

const PORT_VARIABLES = [
  'GRAFANA_PORT',
  'OTLP_GRPC_PORT',
  'OTLP_HTTP_PORT',
  'PROMETHEUS_PORT',
  'ALERTMANAGER_PORT',
  'TEMPO_PORT',
]

/** Listens on a free port of loopback; `close` frees it again. */
async function listen(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function listFreePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen))
  await Promise.all(servers.map(({ close }) => close()))
  return servers.map(({ port }) => port)
}

/** One sentence a line: it begins with a capital or a name, and says what to do behind a colon. */
const expectSentences = (text: string, count: number): void => {
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(count)
  for (const line of lines) expect(line).toMatch(/^\S.*[:;] .*\.$/)
}

test('where nothing is in the way, it starts Compose with the options, each in its place', async () => {
  fake('docker', WORKING)
  const options = ['--profile', 'demo', '-d', '-p', 'mine', '--env-file=other.env', '--pull', 'always', 'grafana']
  const { exitCode, stdout, stderr, asked } = await run(options)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Grafana will be at http:\/\/localhost:\d+; send OTLP to http:\/\/localhost:\d+\.\n$/)
  expect(asked.at(-1)).toBe('docker compose --profile demo -p mine --env-file=other.env up -d --pull always grafana')
})

test('its exit code is that of Compose', async () => {
  fake('docker', `${WORKING}\ncase "$*" in "compose up"*) exit 17;; esac`)
  expect((await run()).exitCode).toBe(17)
})

test('40: no docker', async () => {
  mkdirSync(join(folder, 'bin'))
  const { exitCode, stderr } = await run()
  expect(exitCode).toBe(40)
  expect(stderr).toMatch(/^There is no program docker on the PATH.*: install Docker Engine or Docker Desktop/)
  expectSentences(stderr, 1)
})

test.each([
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    /^Docker's engine does not answer \(Cannot connect.*\): start Docker Desktop/,
  ],
  [
    'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
    /^You may not use Docker's engine \(permission denied.*\): join the group docker/,
  ],
])('41: the engine says "%s"', async (said, expected) => {
  fake('docker', `echo "${said}" >&2; exit 1`)
  const { exitCode, stderr, asked } = await run()
  expect(exitCode).toBe(41)
  expect(stderr).toMatch(expected)
  expectSentences(stderr, 1)
  expect(asked).toHaveLength(1)
})

const NO_PLUGIN = `
case "$*" in
  version*) echo 20.10.24;;
  *) echo "docker: 'compose' is not a docker command." >&2; exit 1;;
esac`

test('42: no Compose', async () => {
  fake('docker', NO_PLUGIN)
  const { exitCode, stderr } = await run()
  expect(exitCode).toBe(42)
  expect(stderr).toMatch(/^Docker Compose is missing: install the plugin docker-compose-plugin \(2 or newer\)/)
  expectSentences(stderr, 1)
})

test.each(['1.25.0', 'v1.28.6', '1.9.0'])('42: Compose %s is too old', async (version) => {
  fake('docker', NO_PLUGIN)
  fake('docker-compose', `echo ${version}`)
  const { exitCode, stderr } = await run()
  expect(exitCode).toBe(42)
  expect(stderr).toMatch(/^Docker Compose v?1\.\d+\.\d is too old to read docker-compose\.yml: install/)
  expectSentences(stderr, 1)
})

test('docker-compose as a program of its own will do', async () => {
  fake('docker', NO_PLUGIN)
  fake('docker-compose', 'echo 1.29.2')
  const { exitCode, asked } = await run(['--profile', 'demo'])
  expect(exitCode).toBe(0)
  expect(asked.at(-1)).toBe('docker-compose --profile demo up')
})

test.each(['v2.0.1', '2.40.3-desktop.1', '5.6.0'])('the plugin %s will do', async (version) => {
  fake('docker', WORKING.replace('5.6.0', version))
  expect((await run()).exitCode).toBe(0)
})

test('43: a port is in use; each is told with its service and the variable that chooses another', async () => {
  fake('docker', WORKING)
  const [first, second] = await Promise.all([listen(), listen()])
  closing.push(first.close, second.close)
  const env = { GRAFANA_PORT: String(first.port), TEMPO_PORT: String(second.port) }
  const { exitCode, stderr, asked } = await run([], env)
  expect(exitCode).toBe(43)
  expectSentences(stderr, 2)
  expect(stderr).toMatch(
    new RegExp(`Port ${first.port} of 127\\.0\\.0\\.1 is in use.* grafana .*: .*GRAFANA_PORT=\\d+ pnpm stack\\.`),
  )
  expect(stderr).toMatch(new RegExp(`Port ${second.port} of .* tempo .*TEMPO_PORT=`))
  expect(asked.at(-1)).not.toContain('up')
})

test('a port that one of its own services holds already is none of its problems', async () => {
  const { port, close } = await listen()
  closing.push(close)
  fake(
    'docker',
    `${WORKING}\ncase "$*" in *"ps --services --filter status=running") echo prometheus; echo grafana;; esac`,
  )
  expect((await run([], { GRAFANA_PORT: String(port) })).exitCode).toBe(0)
  expect((await run([], { TEMPO_PORT: String(port) })).exitCode).toBe(43)
})

test.each(['0', '70000', 'http', '3000-3005'])('43: %s is no port', async (port) => {
  fake('docker', WORKING)
  const { exitCode, stderr } = await run([], { GRAFANA_PORT: port })
  expect(exitCode).toBe(43)
  expect(stderr).toBe(`GRAFANA_PORT must be a port from 1 to 65535, for the service grafana; it is "${port}".\n`)
})

test('ports are read from the file that --env-file names, as Compose does, and the environment wins', async () => {
  fake('docker', WORKING)
  const { port, close } = await listen()
  closing.push(close)
  const file = join(folder, 'mine.env')
  writeFileSync(file, `GRAFANA_PORT=${port}\nALERT_WEBHOOK_URL_FILE=/missing\n`)
  expect((await run(['--env-file', file])).exitCode).toBe(0)
  const { exitCode, stderr } = await run(['--env-file', file], { GRAFANA_PORT: undefined })
  expect(exitCode).toBe(43)
  expect(stderr).toContain(`Port ${port} of`)
  expectSentences(stderr, 1)
  const webhook = await run(['--env-file', file], { ALERT_WEBHOOK_URL_FILE: undefined })
  expect(webhook.exitCode).toBe(44)
})

test.each<[string, string, (path: string) => void, RegExp]>([
  ['is missing', '', () => {}, /webhook-url is missing: write the address/],
  ['is a folder', '', (path) => mkdirSync(path), /webhook-url is a folder, which Docker makes .*: remove it/],
  ['is empty', '', (path) => writeFileSync(path, '\n'), /webhook-url holds no address: write/],
  ['holds no address', '', (path) => writeFileSync(path, 'secret-token'), /webhook-url holds no address: write/],
  ['would be a volume', 'webhook-url', () => {}, /"webhook-url", which Compose takes for the name of a volume: begin/],
])('44: the file with the address for alerts %s', async (_name, chosen, prepare, expected) => {
  fake('docker', WORKING)
  const path = join(folder, 'webhook-url')
  prepare(path)
  const { exitCode, stderr } = await run([], { ALERT_WEBHOOK_URL_FILE: chosen === '' ? path : chosen })
  expect(exitCode).toBe(44)
  expect(stderr).toMatch(expected)
  expectSentences(stderr, 1)
  expect(stderr).not.toContain('secret-token')
})

test('a file with an address will do', async () => {
  fake('docker', WORKING)
  const path = join(folder, 'webhook-url')
  writeFileSync(path, 'https://hooks.example/T000/B000\n')
  expect((await run([], { ALERT_WEBHOOK_URL_FILE: path })).exitCode).toBe(0)
})
