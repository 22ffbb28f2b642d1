import { describe, expect, it } from '@jest/globals'
import { fetchInProcess } from './apps/in-process.ts'
import type { ToldToOne } from './apps/providers.ts'
import { runApp } from './run-app.ts'

// Providers may be set late, and others may come in their place. Streams are told to those of the moment, and each counts once.
const WAYS = [
  [4, 'global'],
  [7, 'global'],
  [7, 'given'],
] as const

describe.each(WAYS)('openai %i, providers that are %s', (major, way) => {
  it('are told what happened while they were set, and of each stream once', async () => {
    const { stdout, stderr, exitCode } = await runApp('providers.ts', [`${major}`, way])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [first, second] = JSON.parse(stdout) as readonly ToldToOne[]
    // A stream that began before the first, one read whole, one cut; and one still open.
    expect(first).toMatchObject({
      spans: ['chat healthy:plain', 'chat fault:cut_json'],
      logRecords: 1,
      ended: [3, 3],
      active: 1,
      durations: 3,
    })
    // One from between the two, one cut, and the one that was open.
    expect(second).toMatchObject({
      spans: ['chat fault:cut_json'],
      logRecords: 1,
      ended: [3, 3],
      active: 0,
      durations: 2,
    })
    // Four whole streams of the same length, two cut ones, and no byte twice.
    const [bytes = 0, delta] = first?.bytes ?? []
    expect(delta).toBe(bytes)
    expect(second?.bytes[1]).toBe(second?.bytes[0])
    expect(bytes + (second?.bytes[0] ?? 0)).toBe(
      4 * (await lengthOf('healthy:plain')) + 2 * (await lengthOf('fault:cut_json')),
    )
  }, 60_000)
})

async function lengthOf(model: string): Promise<number> {
  const response = await fetchInProcess('', { body: JSON.stringify({ model, stream: true }) })
  return (await response.arrayBuffer()).byteLength
}
