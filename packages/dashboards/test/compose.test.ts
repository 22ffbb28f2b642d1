import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'

const ROOT = join(import.meta.dirname, '../../..')
const STACK = join(ROOT, 'packages/dashboards/stack')

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: readonly string[] | Readonly<Record<string, object>>
  readonly mem_limit?: string
  readonly network_mode?: string
  readonly logging?: { readonly options: { readonly 'max-size': string } }
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, object>>
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')
const file = parse(text) as ComposeFile
const services = Object.entries(file.services)
const names = services.map(([name]) => name)

/** What a value is where no variable is set. */
const usual = (value: string): string => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')

test('it holds the stack, and the two services of the demo', () => {
  expect(names).toEqual([
    'collector',
    'tempo',
    'prometheus',
    'alertmanager',
    'grafana',
    'alerts',
    'fault-server',
    'app',
  ])
})

test.each(services)('%s: ports are published on loopback only, and each can be chosen', (_name, { ports = [] }) => {
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+_PORT:-\d+\}:\d+$/)
})

test('no two ports are the same, nor chosen by the same variable', () => {
  const ports = services.flatMap(([, service]) => service.ports ?? [])
  const chosen = ports.map((port) => /\$\{(\w+):-(\d+)\}/.exec(port)?.slice(1))
  expect(ports).toHaveLength(6)
  expect(new Set(chosen.map((pair) => pair?.[0])).size).toBe(6)
  expect(new Set(chosen.map((pair) => pair?.[1])).size).toBe(6)
})

test.each(services)(
  '%s: a variable chooses the version of its image, and without it one is pinned',
  (_name, service) => {
    const { image, build } = service
    if (build !== undefined) {
      const dockerfile = readFileSync(join(ROOT, build.context, build.dockerfile), 'utf8')
      const froms = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from = '']) => from)
      expect(froms).not.toEqual([])
      for (const from of froms) expect(from).toMatch(/^node:\$\{NODE_VERSION\}-\w+$/)
      expect(dockerfile).toMatch(/^ARG NODE_VERSION=\d+$/m)
      return
    }
    expect(image).toMatch(/^[\w./-]+:\$\{[A-Z]+_VERSION:-v?\d[\d.]*\}(?:-alpine)?$/)
    expect(image).not.toContain('latest')
  },
)

test.each(services)('%s: what it mounts exists, read-only, or is a volume of the file', (_name, { volumes = [] }) => {
  for (const volume of volumes) {
    const [source = '', target, mode] = usual(volume).split(':')
    expect(target).toMatch(/^\//)
    if (source.startsWith('./')) {
      expect([volume, existsSync(join(ROOT, source))]).toEqual([volume, true])
      expect([volume, mode]).toEqual([volume, 'ro'])
    } else expect(Object.keys(file.volumes)).toContain(source)
  }
})

test('what the images run as can read what is mounted', () => {
  const everybody = 0o004
  for (const [, { volumes = [] }] of services) {
    for (const path of volumes.map((volume) => usual(volume).split(':')[0] ?? '').filter((p) => p.startsWith('./'))) {
      expect([path, statSync(join(ROOT, path)).mode & everybody]).toEqual([path, everybody])
    }
  }
})

test.each(services)('%s: its memory and its log are bounded', (_name, { mem_limit, logging }) => {
  expect(mem_limit).toMatch(/^\d+[mg]$/)
  expect(logging?.options['max-size']).toMatch(/^\d+m$/)
})

// What a health check may run is what its image holds; see the comments in the file.
test.each<[string, readonly string[] | undefined]>([
  ['collector', undefined],
  ['tempo', ['CMD', '/tempo', '-health']],
  ['prometheus', ['CMD', 'promtool', 'check', 'ready', '--url=http://localhost:9090']],
  ['alertmanager', ['CMD', 'amtool', '--alertmanager.url=http://localhost:9093', 'cluster', 'show']],
  ['grafana', ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://localhost:3000/api/health']],
  ['alerts', ['CMD', 'node', '-e', expect.stringContaining("fetch('http://127.0.0.1:9095')") as never]],
  ['fault-server', ['CMD', 'node', '-e', expect.stringContaining("'http://127.0.0.1:8080/v1/models'") as never]],
  ['app', undefined],
])('%s: its health is asked by a program that its image has', (name, check) => {
  expect(file.services[name]?.healthcheck?.test).toEqual(check)
})

test('services wait only for services that exist, and for health only where it can be asked', () => {
  for (const [name, { depends_on = [], network_mode }] of services) {
    const conditions = Array.isArray(depends_on)
      ? (depends_on as readonly string[]).map((other) => [other, { condition: 'service_started' }] as const)
      : Object.entries(depends_on as Readonly<Record<string, { readonly condition: string }>>)
    // Whose network it shares has to be there first.
    if (network_mode !== undefined) {
      expect(conditions.map(([other]) => `service:${other}`)).toContain(network_mode)
    }
    for (const [other, { condition }] of conditions) {
      expect([name, names.includes(other)]).toEqual([name, true])
      if (condition === 'service_healthy') expect(file.services[other]?.healthcheck).toBeDefined()
    }
  }
})

test('nothing is privileged, and who does not log in to Grafana is an editor and no more', () => {
  expect(text).not.toMatch(/privileged|cap_add|docker\.sock|network_mode: host|pid:|Admin\b/)
  const { environment } = file.services['grafana'] ?? {}
  expect(environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: '${GRAFANA_ANONYMOUS:-true}',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Editor',
    GF_SECURITY_ADMIN_PASSWORD: '${GRAFANA_ADMIN_PASSWORD:-admin}',
  })
})

test('Grafana asks nobody outside for anything', () => {
  const { environment } = file.services['grafana'] ?? {}
  expect(environment).toMatchObject({
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  })
  expect(Object.keys(environment ?? {})).not.toContain('GF_PLUGINS_PREINSTALL')
})

test('nothing in it is newer than Compose 1.29', () => {
  expect(text).not.toMatch(
    /^(?:name|version|include|configs|secrets):|start_interval|create_host_path|required:|pull_policy|develop:|!reset|!override/m,
  )
})

/** Every Compose of this machine, the plugin and the program that came before it; neither needs an engine to read a file. */
const composes = [['docker', 'compose'], ['docker-compose']].filter(
  ([program = '', ...first]) => spawnSync(program, [...first, 'version']).status === 0,
)
if (composes.length === 0) console.log('SKIP what Compose says of docker-compose.yml: install docker-compose')

/** What they say of the file, where they can't read it. */
const listComplaints = (): readonly string[] =>
  composes.flatMap(([program = '', ...first]) =>
    [[], ['--profile', 'demo']].flatMap((profile) => {
      const args = [...first, ...profile, 'config', '-q']
      const { status, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' })
      return status === 0 ? [] : [`${program} ${args.join(' ')}: ${stderr}`]
    }),
  )

const describeCompose = composes.length === 0 ? describe.skip : describe

describeCompose('Compose', () => {
  test('reads it, with the demo and without', () => {
    expect(listComplaints()).toEqual([])
  })
})

test('the demo is not started unless it is asked for', () => {
  const profiles = services.map(([name, service]) => [name, (service as { profiles?: string[] }).profiles])
  expect(Object.fromEntries(profiles)).toEqual({
    ...Object.fromEntries(names.map((name) => [name, undefined])),
    'fault-server': ['demo'],
    app: ['demo'],
  })
})

/** Hosts with their ports in a text, as `tempo:4317`; what listens everywhere, or is told of on the web, is none. */
function listHosts(config: string): readonly string[] {
  const withoutComments = config.replaceAll(/^\s*#.*$/gm, '')
  return [...withoutComments.matchAll(/(?<![\w.])([a-z][a-z-]*):(\d{4,5})\b/g)].map(([found]) => found)
}

/** What each service listens on inside its network. */
const LISTENS: Readonly<Record<string, readonly string[]>> = {
  collector: ['4317', '4318', '8888'],
  tempo: ['3200', '4317'],
  prometheus: ['9090'],
  alertmanager: ['9093'],
  grafana: ['3000'],
  alerts: ['9095'],
}

test.each([
  ['collector/collector.yaml', ['tempo:4317', 'prometheus:9090']],
  [
    'prometheus/prometheus.yml',
    ['alertmanager:9093', 'localhost:9090', 'alertmanager:9093', 'collector:8888', 'tempo:3200'],
  ],
  ['alertmanager/webhook-url', ['alerts:9095']],
  ['alertmanager/alertmanager.yml', []],
  ['grafana/provisioning/datasources/streamgauge.yaml', ['prometheus:9090', 'tempo:3200', 'alertmanager:9093']],
])('%s names services that exist, at ports that they listen on', (path, expected) => {
  const hosts = listHosts(readFileSync(join(STACK, path), 'utf8'))
  expect(hosts).toEqual(expected)
  for (const host of hosts) {
    const [name = '', port = ''] = host.replace('localhost', 'prometheus').split(':')
    expect(names).toContain(name)
    expect(LISTENS[name]).toContain(port)
  }
})

test('published ports lead to what the services listen on', () => {
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) expect(LISTENS[name]).toContain(port.split(':').at(-1))
  }
})

test('every file of the configuration is YAML without doubles, and dashboards are where Grafana looks for them', () => {
  const files = readdirSync(STACK, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path))
  expect(files.length).toBeGreaterThan(5)
  for (const path of files) {
    const documents = parseAllDocuments(readFileSync(join(STACK, path), 'utf8'))
    const errors = Array.isArray(documents) ? documents.flatMap((document) => document.errors) : []
    expect([path, errors]).toEqual([path, []])
  }
  const mounts = file.services['grafana']?.volumes ?? []
  const provider = parse(readFileSync(join(STACK, 'grafana/provisioning/dashboards/streamgauge.yaml'), 'utf8')) as {
    providers: [{ options: { path: string } }]
  }
  expect(mounts.map((mount) => mount.split(':')[1])).toContain(provider.providers[0].options.path)
})

test('everything that the image of the demo is built from is sent to the engine', () => {
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  expect(allowed).toContain('*')
  for (const path of allowed.filter((line) => /^![^*]+$/.test(line))) {
    expect([path, existsSync(join(ROOT, path.slice(1)))]).toEqual([path, true])
  }
})
