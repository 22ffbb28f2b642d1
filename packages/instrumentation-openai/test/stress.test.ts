import { describe, expect, it } from '@jest/globals'
import { startFaultServer } from '@streamgauge/fault-server'
import type { StressResult } from './apps/stress.ts'
import { runApp } from './run-app.ts'

// Thousands of streams, begun and left at once in every way, leave nothing behind that the SDK alone does not.
const MAJORS = [4, 5, 6, 7] as const
const ROUNDS = 3
const IN_A_ROUND = 1000
const LIMIT_MS = 120_000

/** The same seed gives the same streams. */
const SEED = process.env['STREAMGAUGE_STRESS_SEED'] ?? `${Math.floor(Math.random() * 2 ** 31)}`
process.stdout.write(`STREAMGAUGE_STRESS_SEED=${SEED}\n`)

/** Most bytes that two rounds after the first may add: less than one for each thing that each stream makes. */
const MAX_GROWTH = 2_000_000

async function play(major: number, inARound: number, rounds: number, ...rest: string[]): Promise<StressResult> {
  const args = [`${major}`, SEED, `${inARound}`, `${rounds}`, ...rest]
  const { stdout, stderr, exitCode } = await runApp('stress.ts', args, { nodeOptions: ['--expose-gc'] })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as StressResult
}

function growth({ heap }: StressResult): number {
  return (heap.at(-1) ?? Number.NaN) - (heap[0] ?? Number.NaN)
}

describe.each(MAJORS)(`openai %i, seed ${SEED}`, (major) => {
  it(
    'three rounds of a thousand streams leave no span open, nothing counted as open, no listener and no memory behind',
    async () => {
      const [bare, watched] = await Promise.all([
        play(major, IN_A_ROUND, 1, 'in-process', 'bare'),
        play(major, IN_A_ROUND, ROUNDS, 'in-process', 'watched'),
      ])
      const streams = ROUNDS * IN_A_ROUND
      expect(watched.told).toEqual({ started: streams, ended: streams, active: 0, outcomes: streams })
      expect(watched.heap).toHaveLength(ROUNDS)
      expect(growth(watched)).toBeLessThan(MAX_GROWTH)
      // One for all streams: it ends those that are open when the process has nothing left to do.
      expect(watched.processListeners[0]).toBeLessThanOrEqual(bare.processListeners[0] + 1)
      expect(watched.processListeners[1]).toBe(watched.processListeners[0])
      expect({ listeners: watched.listeners[0], warnings: watched.warnings }).toEqual({ listeners: 0, warnings: [] })
      expect(bare.seen).toHaveLength(500)
      expect(watched.seen).toEqual(bare.seen)
      expect(watched.rejections[0]).toEqual(bare.rejections[0])
    },
    LIMIT_MS,
  )

  it(
    'a signal that lives as long as the process holds no more of its streams than without us',
    async () => {
      const watched = await play(major, 300, ROUNDS, 'in-process', 'watched', 'signal_of_the_process')
      const bare = await play(major, 300, ROUNDS, 'in-process', 'bare', 'signal_of_the_process')
      expect(watched.listeners).toEqual(bare.listeners)
      // What was known of a stream is some eight thousand bytes.
      expect(growth(watched) - growth(bare)).toBeLessThan(MAX_GROWTH)
    },
    LIMIT_MS,
  )

  it(
    'streams over sockets leave nothing behind either',
    async () => {
      const server = await startFaultServer()
      try {
        const { told, warnings, listeners } = await play(major, 150, 1, server.baseURL, 'watched')
        expect(told).toEqual({ started: 150, ended: 150, active: 0, outcomes: 150 })
        expect({ warnings, listeners: listeners[0] }).toEqual({ warnings: [], listeners: 0 })
      } finally {
        await server.close()
      }
    },
    LIMIT_MS,
  )
})
