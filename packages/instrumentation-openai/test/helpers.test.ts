import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type SdkMajor } from '@streamgauge/fault-server'
import type { HelperName } from './apps/helpers.ts'
import { runApp } from './run-app.ts'

// The fault server is one that the SDK's own helpers are content with: they check what they read, and throw at what they
// don't understand.
const MAJORS: readonly SdkMajor[] = [4, 5, 6, 7]

const RUN = [
  'thread.run.created',
  'thread.run.queued',
  'thread.run.in_progress',
  'thread.run.step.created',
  'thread.run.step.in_progress',
  'thread.message.created',
  'thread.message.in_progress',
  'thread.message.delta',
  'thread.message.completed',
  'thread.run.step.completed',
  'thread.run.completed',
]

/** openai 4 knows nothing of streamed images: it hands over the text, character by character. */
const WITHOUT_IMAGES: readonly SdkMajor[] = [4]

const EXPECTED: readonly (readonly [name: HelperName, expected: unknown, lacking?: readonly SdkMajor[]])[] = [
  ['runs_create', RUN],
  ['create_and_run', ['thread.created', ...RUN]],
  ['runs_stream', { status: 'completed', steps: ['completed'], isWhole: true }],
  ['create_and_run_stream', { status: 'completed' }],
  ['submit_tool_outputs', { waited: 'requires_action', called: ['read_gauge'], status: 'completed', isSame: true }],
  [
    'run_tools',
    {
      outputs: [{ station: 'Basel', unit: 'cm' }],
      roles: ['user', 'assistant', 'tool', 'assistant'],
      hasContent: true,
    },
  ],
  ['responses_retrieve', { first: 6, isInOrder: true }],
  ['responses_stream', { first: 6, status: 'completed' }],
  ['images_generate', ['image_generation.partial_image', 'image_generation.completed'], WITHOUT_IMAGES],
  ['images_edit', ['image_edit.partial_image', 'image_edit.completed'], WITHOUT_IMAGES],
  ['transcriptions', ['transcript.text.delta', 'transcript.text.done']],
  ['speech', { events: true }],
  ['azure', { hasChunks: true, hasContent: true }],
]

type Results = Readonly<Record<string, unknown>>

async function playAll(major: SdkMajor, url: string): Promise<Results> {
  const { stdout, stderr, exitCode } = await runApp('helpers.ts', [`${major}`, url])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Results
}

describe.each(MAJORS)('openai %i is content with what it gets by', (major) => {
  let results: Results
  let close: () => Promise<void>

  beforeAll(async () => {
    const server = await startFaultServer()
    close = () => server.close()
    results = await playAll(major, server.url)
  }, 60_000)
  afterAll(() => close())

  it.each(EXPECTED.filter(([, , lacking = []]) => !lacking.includes(major)))('%s', (name, expected) => {
    expect(results[name]).toEqual(expected)
  })
})
