import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { INSTRUMENTS, type Metric } from '../src/promql/instruments.ts'
import { labelName, seriesName, type Door } from '../src/promql/names.ts'
import { generatedFiles } from '../src/generated-files.ts'
import { readDashboards, type DashboardJson, type PanelJson } from './read-dashboards.ts'

const DASHBOARDS = readDashboards()

/** Variables that Grafana itself has. */
const BUILT_IN = ['__rate_interval', '__range', '__interval']

/** Series of the stack's own programs, which are scraped. */
const OF_PROGRAMS = /^(ALERTS$|otelcol_|prometheus_|alertmanager_|tempo_)/

const panelsOf = (dashboard: DashboardJson): readonly PanelJson[] =>
  dashboard.panels.filter(({ type }) => type !== 'row' && type !== 'text')

describe.each(DASHBOARDS)('%s', (path, dashboard) => {
  const panels = panelsOf(dashboard)

  it('has panels with a title of their own, a description, a unit and what to say while there is nothing', () => {
    const titles = panels.map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const { description, fieldConfig, title } of panels) {
      expect([title, description]).toEqual([title, expect.stringMatching(/^[A-Z].{20,}[.!?]$/s)])
      expect([title, fieldConfig?.defaults.unit]).toEqual([title, expect.stringMatching(/^[a-z]+$/)])
      expect([title, fieldConfig?.defaults.noValue]).toEqual([title, expect.stringMatching(/^[A-Z]/)])
    }
  })

  it('has panels that lie beside each other and never on each other', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  it('asks only data sources and variables that it has', () => {
    const variables = (dashboard.templating.list ?? []).map(({ name }) => name)
    for (const { targets = [], title } of panels) {
      expect([title, targets.length > 0]).toEqual([title, true])
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
      for (const { expr, query, datasource } of targets) {
        const used = [...`${expr ?? query} ${datasource?.uid}`.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name)
        expect(used.filter((name) => ![...variables, ...BUILT_IN].includes(`${name}`))).toEqual([])
        expect(used).toContain(expr === undefined ? 'tempo' : 'prometheus')
      }
    }
  })

  it('asks Prometheus only for series that somebody makes', () => {
    const door: Door = path.includes('scraped') ? 'scrape' : 'otlp'
    const known = new Set([
      ...(Object.keys(INSTRUMENTS) as Metric[]).map((metric) => seriesName(metric, door)),
      ...recordedNames(door),
    ])
    const expressions = [
      ...panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr ?? [])),
      ...(dashboard.templating.list ?? []).flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query])),
    ]
    for (const expression of expressions) {
      const unknown = namesIn(expression).filter((name) => !known.has(name) && !OF_PROGRAMS.test(name))
      expect([expression, unknown]).toEqual([expression, []])
    }
  })
})

it.each(DASHBOARDS)(
  '%s: a value with a backtick, which would end it in TraceQL, is not offered',
  (_, { templating }) => {
    const queries = (templating.list ?? []).filter(({ type }) => type === 'query')
    expect(queries.filter(({ regex }) => regex !== '/^[^`]*$/')).toEqual([])
  },
)

it.each(DASHBOARDS)('%s: its links to the others are seen, not in a menu', (_, { links = [] }) => {
  expect(links).toEqual([expect.not.objectContaining({ placement: expect.anything() })])
})

it('each dashboard has a uid of its own, the same one for both ways in which metrics come', () => {
  const uids = DASHBOARDS.filter(([path]) => !path.includes('scraped')).map(([, { uid }]) => uid)
  expect(new Set(uids).size).toBe(uids.length)
  const scraped = DASHBOARDS.filter(([path]) => path.includes('scraped')).map(([, { uid }]) => uid)
  expect(uids).toEqual(expect.arrayContaining(scraped))
})

it('attributes and metrics are named by the vocabulary, never by hand', () => {
  const sources = ['alerts', 'dashboards', 'promql', 'runbook'].flatMap((folder) => [
    ...readSources(join(import.meta.dirname, '../src', folder)),
  ])
  for (const [path, source] of sources) {
    const byHand = source.match(
      /['"`{ ](streamgauge\.(stream|chunk|cause|http|sdk)|gen_ai\.|error\.type|server\.address)/g,
    )
    expect([path, byHand]).toEqual([path, null])
  }
  expect(sources.length).toBeGreaterThan(12)
})

/** Names of series in an expression: what stands before a selector, a window or nothing, and is no function, label or word. */
function namesIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|on|ignoring|group_left|group_right|without) ?\([^)]*\)/g, '')
    .replaceAll(/\b(label_values\(\w+), \w+\)/g, '$1')
  return [...bare.matchAll(/(?<![\w$:])[a-zA-Z_][\w:]*(?![\w(])(?! *\()/g)]
    .map(([name]) => name)
    .filter((name) => !/^(and|or|unless|offset|bool|e|[smhdw])$/.test(name) && !/^__\w+$/.test(name))
}

function recordedNames(door: Door): readonly string[] {
  const path = door === 'otlp' ? 'stack/prometheus/rules/streamgauge.yml' : 'stack/scraped/rules/streamgauge.yml'
  const { groups } = parse(generatedFiles().get(path) ?? '') as { groups: { rules: { record?: string }[] }[] }
  return groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []))
}

function* readSources(folder: string): Generator<readonly [path: string, source: string]> {
  for (const name of readdirSync(folder)) yield [name, readFileSync(join(folder, name), 'utf8')]
}

it('labels are attributes without dots', () => {
  expect(labelName('gen_ai.request.model')).toBe('gen_ai_request_model')
})
