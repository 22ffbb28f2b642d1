import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { executablePath, isBuilt } from './programs/programs.ts'
import { readShipped, shippedPath } from './run/shipped.ts'

const withCollector = isBuilt('collector') ? describe : describe.skip
const withPrometheus = isBuilt('prometheus') ? describe : describe.skip
const withCompose = isBuilt('compose') ? describe : describe.skip
const withAlertmanager = isBuilt('alertmanager') ? describe : describe.skip

const COMPOSE_FILE = join(import.meta.dirname, '../../../../docker-compose.yml')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

withCollector('the Collector', () => {
  it.each(['collector', 'gateway', 'sampler'])('takes %s.yaml as it is shipped', (name) => {
    // It says something only where it objects.
    expect(run('otelcol', ['validate', '--config', shippedPath(`collector/${name}.yaml`)])).toBe('')
  })

  it('refuses a misspelt key, with its place', () => {
    const path = write('misspelt.yaml', readShipped('collector/sampler.yaml', []).replace('num_traces:', 'num_trace:'))
    expect(() => run('otelcol', ['validate', '--config', path])).toThrow(/num_trace/)
  })
})

withPrometheus('Prometheus', () => {
  it('takes prometheus.yml with its rules', () => {
    const rules = shippedPath('prometheus/rules')
    const path = write('prometheus.yml', readShipped('prometheus/prometheus.yml', [['/etc/prometheus/rules', rules]]))
    expect(run('promtool', ['check', 'config', path])).toMatch(/SUCCESS: 1 rule files found/)
  })

  it.each(['prometheus/rules/streamgauge.yml', 'scraped/rules/streamgauge.yml'])('takes the rules of %s', (path) => {
    expect(run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', shippedPath(path)])).toMatch(
      /SUCCESS: \d+ rules found/,
    )
  })
})

withAlertmanager('Alertmanager', () => {
  it('takes alertmanager.yml', () => {
    const said = run('amtool', ['check-config', shippedPath('alertmanager/alertmanager.yml')])
    expect(said).toMatch(/SUCCESS/)
    expect(said).toMatch(/1 receivers/)
  })
})

withCompose('Compose', () => {
  it.each([[[]], [['--profile', 'demo']]])('takes docker-compose.yml, with %j', (profile) => {
    expect(run('docker-compose', ['-f', COMPOSE_FILE, ...profile, 'config', '-q'])).toBe('')
  })

  it('has what each variable chooses', () => {
    const env = { GRAFANA_PORT: '3999', TEMPO_VERSION: '3.0.4', ALERT_WEBHOOK_URL_FILE: '/tmp/webhook' }
    const said = run('docker-compose', ['-f', COMPOSE_FILE, 'config'], env)
    expect(said).toContain('published: "3999"')
    expect(said).toContain('image: grafana/tempo:3.0.4')
    expect(said).toContain('source: /tmp/webhook')
  })
})

function run(executable: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return execFileSync(executablePath(executable), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
}

function write(name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
