import { describe, expect, it } from '@jest/globals'
import type { HostileResult } from './apps/hostile.ts'
import { runApp } from './run-app.ts'

// Telemetry that fails is no affair of the application: it sees the same chunks and the same errors, and what can be told is.
const LIMIT_MS = 60_000

const SPANS = ['healthy:plain', 'fault:cut_json', 'fault:no_done', 'fault:http_500', 'answer'].map(
  (name) => `chat ${name}`,
)
const RAW = [expect.any(Number), expect.any(Number)]
const ALL = { spans: SPANS, logRecords: 3, ended: 4, durations: 5, rawChunks: RAW, rejections: [] }

const FAILURES: readonly (readonly [name: string, told: object])[] = [
  ['none', ALL],
  ['exporter throws', ALL],
  // The SDK lets go of what its exporter promises: this is so with any span of anybody.
  ['exporter rejects', { ...ALL, rejections: expect.arrayContaining(['EvalError: exporter rejects fails']) }],
  ['exporter says so', ALL],
  ['exporter is slow', ALL],
  ['onStart throws', { ...ALL, spans: [], rawChunks: [] }],
  ['onEnd throws', ALL],
  ['onStart of a chunk throws', ALL],
  ['onEmit throws', ALL],
  ['reader throws', ALL],
  ['providers throw', { rejections: [] }],
  ['redact throws', { ...ALL, rawChunks: [] }],
  ['redact rejects', { ...ALL, rawChunks: [] }],
  ['redact returns nothing', { ...ALL, rawChunks: [] }],
  ['redact returns megabytes', { ...ALL, rawChunks: [1024, 1024] }],
  ['diag throws', { ...ALL, rawChunks: [] }],
]

async function play(major: number, failure: string): Promise<HostileResult> {
  const { stdout, stderr, exitCode } = await runApp('hostile.ts', [`${major}`, failure])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as HostileResult
}

describe.each([4, 7])('openai %i: the application sees what it does without us, beside', (major) => {
  const bare = play(major, 'bare')

  it.each(FAILURES)(
    '%s',
    async (failure, told) => {
      const { seen, ...rest } = await play(major, failure)
      expect(seen).toEqual((await bare).seen)
      expect(rest).toMatchObject(told)
    },
    LIMIT_MS,
  )
})
