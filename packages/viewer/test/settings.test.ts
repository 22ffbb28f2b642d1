import { describe, expect, it } from '@jest/globals'
import { ANOMALIES, CAUSES, FAULTS, findHops } from '@streamgauge/core'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { adviseOn, NO_SETTING, PRODUCTS, TOPIC_CATALOGUE, TOPICS, TOPICS_OF_KIND } from '../src/settings/index.ts'

const NAMES: readonly string[] = [...new Set([...FAULTS.map(({ code }) => code), ...ANOMALIES, ...CAUSES])]
const HEALED = new Set<string>(TOPICS.flatMap((topic) => TOPIC_CATALOGUE[topic].heals))

describe('every fault, anomaly and cause', () => {
  it.each(NAMES)('%s has settings, or a reason why none helps, and not both', (name) => {
    const { products, noSetting } = adviseOn(name)
    const isHealed = products.some(({ settings }) => settings.length > 0)
    expect([isHealed, noSetting !== undefined]).toEqual([HEALED.has(name), !HEALED.has(name)])
  })

  it.each([...HEALED, ...Object.keys(NO_SETTING)])('%s, of which the catalogue speaks, is one', (name) => {
    expect(NAMES).toContain(name)
  })
})

describe.each(PRODUCTS.map((product) => [product.id, product] as const))('%s', (id, product) => {
  it.each(TOPICS_OF_KIND[product.kind])('has a setting for %s, or a reason why it has none, and not both', (topic) => {
    const settings = product.settings.filter((setting) => setting.topic === topic)
    expect(product.without[topic] !== undefined).toBe(settings.length === 0)
  })

  it('has nothing to say of topics that do not concern it', () => {
    const said = [...product.settings.map(({ topic }) => topic), ...Object.keys(product.without)]
    expect(said.filter((topic) => !(TOPICS_OF_KIND[product.kind] as readonly string[]).includes(topic))).toEqual([])
  })

  it('says of each setting where, why, what bites and what it costs, with the official source', () => {
    for (const { where, snippet, why, bites, costs = 'Nothing.', source } of product.settings) {
      expect([where, snippet].every((text) => text !== '' && text.trim() === text)).toBe(true)
      expect(`${why}\n${bites}\n${costs}`).toMatch(/^[A-Z`][^\n]*\.\n[A-Z0-9`][^\n]*\.\n[A-Z][^\n]*\.$/)
      expect(URL.canParse(source)).toBe(true)
    }
  })

  it('names a version or a date where it says since when', () => {
    const versions = product.settings.flatMap(({ since }) => since ?? [])
    expect(versions.filter((since) => !/\d/.test(since))).toEqual([])
  })

  it('is named in snake_case, and once', () => {
    expect(id).toMatch(/^[a-z][a-z_]*$/)
    expect(PRODUCTS.filter((other) => other.id === id)).toHaveLength(1)
  })
})

it('a snippet that heals in two ways is shown once', () => {
  const nginx = adviseOn('proxy_error_page', 'nginx').products[0]
  expect(nginx?.settings.map(({ topic }) => topic)).toEqual(['first_byte', 'error_page', 'request_size'])
  const varnish = adviseOn('http_status', 'varnish').products[0]
  expect(varnish?.settings).toHaveLength(1)
})

it('what is no name has no advice', () => {
  for (const name of ['', 'nothing', '__proto__', 'toString']) expect(adviseOn(name)).toEqual({ products: [] })
})

it('a product that leaves its name in responses is called as the hop is', () => {
  const hops = findHops(
    ['server', 'via', 'cf-ray', 'x-amz-cf-id', 'x-amz-apigw-id', 'apim-request-id', 'x-vercel-id', 'x-squid-error'],
    (name) => (name === 'via' ? '1.1 varnish' : 'nginx'),
  )
  expect(hops.length).toBeGreaterThan(6)
  expect(hops.filter((hop) => !PRODUCTS.some(({ id }) => id === hop))).toEqual([])
})

it('they are loaded without the store', () => {
  const script = `import '@streamgauge/viewer/settings'; console.log(process.moduleLoadList.filter((name) => /sqlite/.test(name)).join())`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../../cli'),
    encoding: 'utf8',
  })
  expect(output).toBe('\n')
})
