import { describe, expect, it } from '@jest/globals'
import type { Blindness } from './apps/blindness.ts'
import { runApp } from './run-app.ts'

describe.each([
  [4, 7],
  [5, 4],
  [6, 5],
  [7, 6],
])('openai %i is watched, openai %i is not', (major, other) => {
  it('only a request of the one that is not is warned of, and only the first', async () => {
    const { stdout, stderr, exitCode } = await runApp('blindness.ts', [`${major}`, `${other}`])
    expect({ exitCode, stderr: stderr.replaceAll(/^\(.*\n/gm, '') }).toEqual({ exitCode: 0, stderr: '' })
    const { 'another openai': first, ...rest } = JSON.parse(stdout) as Blindness
    expect(first).toEqual([expect.stringMatching(/^openai sends requests, but none of its classes/)])
    expect(Object.values(rest)).toEqual(Object.values(rest).map(() => []))
  }, 60_000)
})
