import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { FaultServer } from '@streamgauge/fault-server'
import type { Topic } from '@streamgauge/viewer/settings'
import type { SettingRead, SettingToRead } from './apps/client-settings.ts'
import { startUpstream } from './middleboxes/upstream.ts'
import { runApp } from './run-app.ts'
import { CLIENT_TRIALS } from './settings/clients.ts'
import { snippetOf } from './settings/trial.ts'

// The settings of clients that the catalogue has: a stream breaks before, and is whole after the very snippet was pasted.
const MAJORS = [5, 6, 7]
const LIMIT_MS = 120_000

const runs = new Map<number, Readonly<Record<string, SettingRead>>>()
let upstream: FaultServer

const trials = Object.entries(CLIENT_TRIALS).flatMap(([name, trial]): SettingToRead[] => {
  const [product, topic] = name.split(' ') as [string, Topic]
  return [
    { id: `${name}, broken`, upstream: trial.upstream, snippet: trial.before },
    { id: `${name}, healed`, upstream: trial.upstream, snippet: snippetOf(product, topic) },
  ]
})

beforeAll(async () => {
  upstream = await startUpstream()
  const env = { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: upstream.baseURL }
  for (const major of MAJORS) {
    const { stdout, stderr, exitCode } = await runApp('client-settings.ts', [`${major}`, JSON.stringify(trials)], {
      env,
    })
    if (exitCode !== 0 || stderr !== '') throw new Error(`openai ${major}: it ended with ${exitCode}: ${stderr}`)
    runs.set(major, JSON.parse(stdout) as Record<string, SettingRead>)
  }
}, LIMIT_MS)

afterAll(() => upstream.close(), LIMIT_MS)

describe.each(MAJORS)('openai %i', (major) => {
  it.each(Object.entries(CLIENT_TRIALS))('%s heals', (name, { code }) => {
    const run = runs.get(major)
    expect(run?.[`${name}, broken`]).toMatchObject({ [ATTR.OUTCOME]: 'broken', [GEN_AI.ERROR_TYPE]: code })
    expect(run?.[`${name}, healed`]).toMatchObject({ [ATTR.OUTCOME]: 'completed' })
  })
})
