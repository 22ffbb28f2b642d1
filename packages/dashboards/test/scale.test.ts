import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readMeasured } from '../bench/harness/measured.ts'
import { renderSizingPage } from '../bench/harness/sizing-page.ts'

const PACKAGE = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(PACKAGE, path), 'utf8')
const readYaml = (path: string): unknown => parse(read(path))

it.each(['gateway', 'sampler'])(
  'the %s in Kubernetes has the configuration that is tested, and its version',
  (tier) => {
    const values = readYaml(`stack/scale/collector-${tier}.values.yaml`) as {
      alternateConfig: unknown
      image: { tag: string }
    }
    expect(values.alternateConfig).toEqual(readYaml(`stack/collector/${tier}.yaml`))
    expect(read('../../docker-compose.yml')).toContain(`COLLECTOR_VERSION:-${values.image.tag}}`)
  },
)

it('Tempo in parts cuts, keeps and answers as much as Tempo in one process', () => {
  const scaled = readYaml('stack/scale/tempo.values.yaml') as Record<string, never>
  const single = readYaml('stack/tempo.yaml') as Record<string, never>
  const at = (tree: unknown, path: string): unknown =>
    path.split('.').reduce((node: unknown, key) => (node as Record<string, unknown> | undefined)?.[key], tree)
  for (const [of, path] of [
    ['distributor.max_attribute_bytes', 'tempo.structuredConfig.distributor.max_attribute_bytes'],
    ['query_frontend.search.max_duration', 'tempo.structuredConfig.query_frontend.search.max_duration'],
    ['query_frontend.metrics.max_duration', 'tempo.structuredConfig.query_frontend.metrics.max_duration'],
    [
      'backend_worker.compaction.block_retention',
      'backendScheduler.config.provider.compaction.compaction.block_retention',
    ],
    ['overrides.defaults.ingestion.max_traces_per_user', 'overrides.defaults.ingestion.max_traces_per_user'],
  ] as const) {
    expect([of, at(single, of)]).toEqual([of, expect.anything()])
    expect([path, at(scaled, path)]).toEqual([path, at(single, of)])
  }
})

it('the sizing page is computed from what was measured', () => {
  const page = read('docs/sizing.md')
  expect(renderSizingPage(page, readMeasured())).toBe(page)
})
