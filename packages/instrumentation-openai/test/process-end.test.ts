import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { startOtlpReceiver } from './otlp-receiver.ts'
import { runApp, type AppOptions, type AppRun } from './run-app.ts'

// How a process ends is its own affair: `register` sends its telemetry off without changing exit code, signal or stderr.
const REGISTER = ['--import', '@streamgauge/instrumentation-openai/register'] as const
const LIMIT_MS = 60_000
const APPS = [
  ['openai 6, ES module', 'doors/app.mjs', '6'],
  ['openai 7, ES module', 'doors/app.mjs', '7'],
  ['openai 7, CommonJS', 'doors/app.cjs', '7'],
] as const

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

/** Runs an application bare and watched. */
async function runBoth(app: string, major: string, act: string, options: AppOptions = {}) {
  const receiver = await startOtlpReceiver()
  const bare = await runApp(app, [major, server.baseURL, act], options)
  const watched = await runApp(app, [major, server.baseURL, act], {
    ...options,
    nodeOptions: REGISTER,
    env: { ...receiver.env, ...options.env },
  })
  await receiver.close()
  return { bare: endOf(bare), watched: endOf(watched), spans: receiver.requestSpans() }
}

/** Stacks may have frames of ours, and only they: the class, the message and what Node.js says around them may not. */
function endOf({ exitCode, signal, stderr, stdout }: AppRun) {
  const lines = stderr.split('\n').filter((line) => !/^ +at /.test(line))
  return {
    exitCode,
    signal,
    stdout,
    stderr: lines.map((line) => line.replace(/^file:.*:\d+$/, '').replace(/ \{$/, '')),
  }
}

describe.each(APPS)('%s', (_, app, major) => {
  it.each([
    ['has nothing left to do', 'read', { exitCode: 0, signal: null }],
    ['set its exit code', 'exitCode', { exitCode: 3, signal: null }],
  ])(
    'a process that %s ends as without us, and its span arrives',
    async (_name, act, end) => {
      const { bare, watched, spans } = await runBoth(app, major, act)
      expect(watched).toEqual(bare)
      expect(watched).toMatchObject(end)
      expect(spans.map(({ name }) => name)).toEqual(['chat healthy:plain'])
    },
    LIMIT_MS,
  )

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'a process ended by %s in mid-stream dies of it, and the span of its open stream arrives',
    async (signal) => {
      const { bare, watched, spans } = await runBoth(app, major, 'wait', { signal })
      expect(watched).toEqual(bare)
      expect(watched).toMatchObject({ exitCode: null, signal })
      expect(spans.map(({ name, attributes }) => [name, read(attributes, 'streamgauge.stream.outcome')])).toEqual([
        ['chat fault:stall_forever', 'abandoned'],
      ])
    },
    LIMIT_MS,
  )

  it.each([
    ['listens for SIGTERM', 'ownSignalHandler'],
    ['listens for SIGTERM once, and before us', 'ownSignalHandlerOnce'],
  ])(
    'a process that %s is not killed by us',
    async (_name, act) => {
      const { bare, watched } = await runBoth(app, major, act, { signal: 'SIGTERM' })
      expect(watched).toEqual(bare)
      expect(watched).toMatchObject({ exitCode: 7, signal: null })
    },
    LIMIT_MS,
  )

  it.each([
    ['a connection reset', 'reset'],
    ['a malformed event', 'malformed'],
    ['a refused request', 'refused'],
    ['a rejection that nobody handles', 'unhandled'],
    ['a promise that nobody awaits', 'unawaited'],
  ])(
    'a process that crashes by %s says and returns the same as without us',
    async (_name, act) => {
      const { bare, watched } = await runBoth(app, major, act)
      expect(watched).toEqual(bare)
      expect(watched).toMatchObject({ exitCode: 1, signal: null })
      expect(watched.stderr.join('\n')).toMatch(/Error/)
    },
    LIMIT_MS,
  )
})

it(
  'a main module that never settles exits with 13 as without us, and its span arrives',
  async () => {
    const { bare, watched, spans } = await runBoth('doors/app.mjs', '7', 'unsettled')
    expect(watched).toEqual(bare)
    expect(watched.exitCode).toBe(13)
    expect(spans).toHaveLength(1)
  },
  LIMIT_MS,
)

it(
  'a stream that was left unread gives its span at the end of the process',
  async () => {
    const { bare, watched, spans } = await runBoth('doors/app.mjs', '7', 'unread')
    expect(watched).toEqual(bare)
    expect(spans).toHaveLength(1)
  },
  LIMIT_MS,
)

it(
  'a collector that is not there holds a process up for four seconds at most, and changes nothing else',
  async () => {
    // Port 9 is the discard service, where nobody listens; a connection is refused at once and tried again.
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
    const startedAtMs = performance.now()
    const run = await runApp('doors/app.mjs', ['7', server.baseURL, 'exitCode'], { nodeOptions: REGISTER, env })
    expect(performance.now() - startedAtMs).toBeLessThan(6000)
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 3, stderr: '' })
  },
  LIMIT_MS,
)

it(
  "what register sets in the environment is not the application's to see",
  async () => {
    const run = await runApp('doors/environment.mjs', [], {
      nodeOptions: REGISTER,
      env: { OTEL_TRACES_EXPORTER: 'none' },
    })
    const bare = await runApp('doors/environment.mjs', [], { env: { OTEL_TRACES_EXPORTER: 'none' } })
    expect(run.stdout).toBe(bare.stdout)
  },
  LIMIT_MS,
)

it(
  'OTEL_SDK_DISABLED lets everything pass unseen',
  async () => {
    const { bare, watched, spans } = await runBoth('doors/app.mjs', '7', 'read', { env: { OTEL_SDK_DISABLED: 'true' } })
    expect(watched).toEqual(bare)
    expect(spans).toEqual([])
  },
  LIMIT_MS,
)

it(
  'a bad variable is warned of where warnings go, and once',
  async () => {
    const env = { OTEL_LOG_LEVEL: 'warn', STREAMGAUGE_RAW_CHUNK: 'everything' }
    const { watched } = await runBoth('doors/app.mjs', '7', 'read', { env })
    const said = `${watched.stdout}${watched.stderr.join('\n')}`
    expect(
      said.match(/STREAMGAUGE_RAW_CHUNK must be one of 'masked', 'full', 'off', but is 'everything'; using masked\./g),
    ).toHaveLength(1)
  },
  LIMIT_MS,
)

function read(attributes: readonly { key: string; value: { stringValue?: string } }[], name: string) {
  return attributes.find(({ key }) => key === name)?.value.stringValue
}
