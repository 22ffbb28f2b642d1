import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FaultServer } from '@streamgauge/fault-server'
// Found through the workspace's root, whose devDependency the viewer is for this alone: the viewer's own tests depend on this package,
// so that the other way round would be a cycle.
import { PRODUCTS } from '@streamgauge/viewer/settings'
import type { Answered } from './apps/middleboxes.ts'
import { askAll, expectFinding, idOf, questionOf, startAll } from './middleboxes/ask.ts'
import { findProgram, type Running } from './middleboxes/start.ts'
import { startUpstream } from './middleboxes/upstream.ts'
import { apache } from './settings/apache.ts'
import { caddy } from './settings/caddy.ts'
import { CLIENT_TRIALS } from './settings/clients.ts'
import { expressCompression } from './settings/express-compression.ts'
import { haproxy } from './settings/haproxy.ts'
import { lighttpd } from './settings/lighttpd.ts'
import { nginx } from './settings/nginx.ts'
import { squid } from './settings/squid.ts'
import { middleboxesOf, topicsOf } from './settings/trial.ts'
import { varnish } from './settings/varnish.ts'

// The settings that the catalogue has, in the real proxies: broken before, healed after the very snippet was pasted.
const PRODUCTS_TRIED = [nginx, apache, haproxy, caddy, lighttpd, varnish, squid, expressCompression]
const MAJOR = 7
const LIMIT_MS = 120_000

const installed = PRODUCTS_TRIED.filter(({ program }) => findProgram(program) !== undefined)
const pairs = installed.map((product) => middleboxesOf(product))
/** All that are broken, and all that are healed: they take turns, so that neither makes the machine too busy for the other. */
const turns = [pairs.map(([broken]) => broken), pairs.map(([, healed]) => healed)]
const middleboxes = turns.flat()
const running: Running[] = []
const answers: Answered[] = []
let upstream: FaultServer

beforeAll(async () => {
  upstream = await startUpstream()
  for (const turn of turns) {
    const started = await startAll(turn, upstream)
    running.push(...started)
    const questions = turn.flatMap((middlebox, index) =>
      middlebox.cases.map((testCase) => questionOf(middlebox, testCase, started[index] as Running, upstream)),
    )
    answers.push(...(await askAll(MAJOR, questions)))
  }
}, LIMIT_MS)

afterAll(async () => {
  await Promise.all(running.map(({ stop }) => stop()))
  await upstream.close()
}, LIMIT_MS)

for (const { program, install } of PRODUCTS_TRIED.filter((product) => !installed.includes(product))) {
  const howToGet = `SKIP ${program}: ${install}`
  process.stdout.write(`${howToGet}\n`)
  // oxlint-disable-next-line jest/valid-title, jest/expect-expect -- the title says how to get it
  it.skip(howToGet, () => {})
}

describe.each(middleboxes.map((middlebox) => [middlebox.name, middlebox] as const))('%s', (_, middlebox) => {
  it.each(middlebox.cases.map((testCase) => [testCase[0], testCase] as const))('%s', (_topic, testCase) => {
    expectFinding(
      answers.find(({ id }) => id === idOf(middlebox, testCase)),
      testCase[3],
    )
  })
})

it('the catalogue says of exactly these settings that they were run', () => {
  const tried = PRODUCTS_TRIED.flatMap((product) => topicsOf(product).map((topic) => `${product.id} ${topic}`))
  const said = PRODUCTS.flatMap(({ id, settings }) =>
    settings.filter(({ verified }) => verified === 'run').map(({ topic }) => `${id} ${topic}`),
  )
  expect(said.toSorted()).toEqual([...tried, ...Object.keys(CLIENT_TRIALS)].toSorted())
})
