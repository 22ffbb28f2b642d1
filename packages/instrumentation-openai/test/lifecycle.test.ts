import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LifecycleResult } from './apps/lifecycle.ts'
import { runApp } from './run-app.ts'

const own = join(import.meta.dirname, '..')
let folder: string
beforeAll(async () => {
  // The package once more, as an application has it that depends on it twice.
  folder = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  await cp(join(own, 'dist'), join(folder, 'dist'), { recursive: true })
  await cp(join(own, 'package.json'), join(folder, 'package.json'))
  await symlink(join(own, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.each([4, 7])('openai %i', (major) => {
  it('a stream gives one span wherever any instrumentation is on, and none where all are off', async () => {
    const copy = pathToFileURL(join(folder, 'dist/index.js')).href
    const { stdout, stderr, exitCode } = await runApp('lifecycle.ts', [`${major}`, copy])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { spans, outcomes, warnings, isPatchedOnce } = JSON.parse(stdout) as LifecycleResult
    expect(spans).toEqual({
      'off by option, registered': 0,
      'off by option, enabled': 0,
      'on by setConfig': 1,
      'off by setConfig': 0,
      'on again by setConfig': 1,
      'disabled, and other options': 0,
      enabled: 1,
      unregistered: 0,
      'registered and unregistered': 0,
      'enabled after all': 1,
      'the fiftieth': 1,
      'two copies': 1,
      'the other copy': 1,
      'two copies again': 1,
      'the first copy': 1,
      none: 0,
    })
    expect(outcomes).toEqual({
      'disabled before the stream': ['completed'],
      'handed over in mid-stream': ['completed'],
    })
    expect(isPatchedOnce).toBe(true)
    // Each copy says of itself that it waits for the other.
    const byOther = expect.stringContaining('openai is patched by another instrumentation of this package')
    expect(warnings).toEqual([
      byOther,
      byOther,
      "streamgauge: option 'stallTresholdMs' is not known; the nearest that is, is 'stallThresholdMs'.",
      expect.stringMatching(/^streamgauge: option 'colour' is not known; the nearest that is, is '\w+'\.$/),
    ])
  }, 60_000)
})
