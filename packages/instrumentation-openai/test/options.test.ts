import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { OPTION_ENV } from '@streamgauge/core/semconv'
import { OpenAIStreamInstrumentation } from '../src/index.ts'
import { PACKAGE_NAME, PACKAGE_VERSION } from '../src/package-info.ts'
import { readOptions } from '../src/read-options.ts'
import type { StreamgaugeOptions } from '../src/options.ts'
import { replay } from './replay.ts'
import { runApp } from './run-app.ts'

const DEFAULTS = {
  rawChunk: 'masked',
  maxRawChunkBytes: 1024,
  chunkSpans: 'on_fault',
  maxChunkSpans: 256,
  stallThresholdMs: 30_000,
  recorderBytes: 16_384,
  chunkTiming: 'sampled',
  semconv: 'latest',
  dialects: [],
  enabled: true,
}

/** Option, a value of its variable, what that means, and a value of the option that must win. */
const OPTIONS: readonly (readonly [name: keyof typeof OPTION_ENV, text: string, value: unknown, wins: unknown])[] = [
  ['rawChunk', 'full', 'full', 'off'],
  ['maxRawChunkBytes', '64', 64, 65_536],
  ['chunkSpans', 'all', 'all', 'off'],
  ['maxChunkSpans', '4096', 4096, 1],
  ['stallThresholdMs', '2147483647', 2_147_483_647, 1],
  ['recorderBytes', '0', 0, 1_048_576],
  ['chunkTiming', 'off', 'off', 'all'],
  ['semconv', 'v1.41', 'v1.41', 'dup'],
  ['enabled', 'FALSE', false, true],
]

function read(options: Record<string, unknown>, env: Record<string, string> = {}) {
  const warnings: string[] = []
  const resolved = readOptions(options, env, (message) => warnings.push(message))
  return { resolved, warnings }
}

describe('an option', () => {
  it('that nobody set has its default', () => {
    expect(read({})).toEqual({ resolved: DEFAULTS, warnings: [] })
    expect(read({ rawChunk: undefined, enabled: undefined }).resolved).toEqual(DEFAULTS)
  })

  it('has a variable, or is a function or a list', () => {
    expect(OPTIONS.map(([name]) => name).toSorted()).toEqual(Object.keys(OPTION_ENV).toSorted())
  })

  it.each(OPTIONS)('%s is read from the environment', (name, text, value) => {
    const env = { [OPTION_ENV[name]]: ` ${text} ` }
    expect(read({}, env)).toEqual({ resolved: { ...DEFAULTS, [name]: value }, warnings: [] })
  })

  it.each(OPTIONS)('%s wins over the environment', (name, text, _, wins) => {
    expect(read({ [name]: wins }, { [OPTION_ENV[name]]: text }).resolved).toEqual({ ...DEFAULTS, [name]: wins })
  })

  it.each(OPTIONS)('%s is not set by an empty variable', (name) => {
    expect(read({}, { [OPTION_ENV[name]]: '' })).toEqual({ resolved: DEFAULTS, warnings: [] })
  })
})

describe('a bad option is a RangeError that names it, what is allowed and what came', () => {
  it.each([
    ['rawChunk', 'everything', "one of 'masked', 'full', 'off'", "'everything'"],
    ['rawChunk', null, "one of 'masked', 'full', 'off'", 'null'],
    ['maxRawChunkBytes', 63, 'a whole number from 64 to 65536', '63'],
    ['maxRawChunkBytes', 65_537, 'a whole number from 64 to 65536', '65537'],
    ['maxRawChunkBytes', '1024', 'a whole number from 64 to 65536', "'1024'"],
    ['chunkSpans', true, "one of 'on_fault', 'all', 'off'", 'true'],
    ['maxChunkSpans', 0, 'a whole number from 1 to 4096', '0'],
    ['stallThresholdMs', Number.NaN, 'a whole number from 1 to 2147483647', 'NaN'],
    ['stallThresholdMs', 2 ** 31, 'a whole number from 1 to 2147483647', '2147483648'],
    ['recorderBytes', -1, 'a whole number from 0 to 1048576', '-1'],
    ['recorderBytes', 1.5, 'a whole number from 0 to 1048576', '1.5'],
    ['chunkTiming', 'none', "one of 'sampled', 'all', 'off'", "'none'"],
    ['semconv', {}, "one of 'latest', 'v1.41', 'dup'", 'an object'],
    ['enabled', 'true', 'true or false', "'true'"],
    ['redact', 'mask', 'a function', "'mask'"],
    ['dialects', {}, "a list of {host?, model?, terminator: 'required' | 'optional'}", 'an object'],
    ['dialects', [{ host: 'h' }], "a list of {host?, model?, terminator: 'required' | 'optional'}", 'an object'],
  ])('%s: %j', (name, value, allowed, received) => {
    const message = `Option ${name} must be ${allowed}, but was ${received}.`
    expect(() => read({ [name]: value })).toThrow(new RangeError(message))
    expect(() => new OpenAIStreamInstrumentation({ [name]: value })).toThrow(new RangeError(message))
  })

  it('in setConfig as well, and the options from before stay', () => {
    const instrumentation = new OpenAIStreamInstrumentation({ maxChunkSpans: 7, enabled: false })
    expect(() => instrumentation.setConfig({ maxChunkSpans: 0 })).toThrow(RangeError)
    expect(instrumentation.getConfig()).toMatchObject({ maxChunkSpans: 7 })
  })
})

describe('a bad variable is a warning, and the default is used', () => {
  it.each([
    ['STREAMGAUGE_RAW_CHUNK', 'everything', "one of 'masked', 'full', 'off'", 'masked'],
    ['STREAMGAUGE_MAX_RAW_CHUNK_BYTES', '1k', 'a whole number from 64 to 65536', '1024'],
    ['STREAMGAUGE_CHUNK_SPANS', 'ALL', "one of 'on_fault', 'all', 'off'", 'on_fault'],
    ['STREAMGAUGE_MAX_CHUNK_SPANS', '-1', 'a whole number from 1 to 4096', '256'],
    ['STREAMGAUGE_STALL_THRESHOLD_MS', '1e3', 'a whole number from 1 to 2147483647', '30000'],
    ['STREAMGAUGE_RECORDER_BYTES', '99999999', 'a whole number from 0 to 1048576', '16384'],
    ['STREAMGAUGE_CHUNK_TIMING', 'yes', "one of 'sampled', 'all', 'off'", 'sampled'],
    ['STREAMGAUGE_SEMCONV', '1.41', "one of 'latest', 'v1.41', 'dup'", 'latest'],
    ['STREAMGAUGE_ENABLED', '1', 'true or false', 'true'],
  ])('%s=%s', (variable, text, allowed, fallback) => {
    expect(read({}, { [variable]: text })).toEqual({
      resolved: DEFAULTS,
      warnings: [`${variable} must be ${allowed}, but is '${text}'; using ${fallback}.`],
    })
  })

  it('that goes to diag, once', async () => {
    const env = { STREAMGAUGE_RAW_CHUNK: 'everything', STREAMGAUGE_SEMCONV: 'old' }
    const done = await replay({ major: 7, reads: [], times: 2 }, env)
    expect(done.diag).toEqual([
      expect.stringMatching(/^streamgauge: STREAMGAUGE_RAW_CHUNK must be/),
      expect.stringMatching(/^streamgauge: STREAMGAUGE_SEMCONV must be/),
    ])
  }, 60_000)

  it('quotes no more of it than 64 characters', () => {
    const [warning = ''] = read({}, { STREAMGAUGE_RAW_CHUNK: 'x'.repeat(1000) }).warnings
    expect(warning).toContain(`'${'x'.repeat(64)}'`)
    expect(warning.length).toBeLessThan(200)
  })
})

describe('content capture of the conventions', () => {
  const VARIABLE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'

  it.each([
    ['true', 'full'],
    ['TRUE ', 'full'],
    ['span_only', 'full'],
    ['SPAN_AND_EVENT', 'full'],
    ['false', 'masked'],
    ['no_content', 'masked'],
    ['', 'masked'],
  ])('%j means rawChunk %s', (text, rawChunk) => {
    expect(read({}, { [VARIABLE]: text }).resolved.rawChunk).toBe(rawChunk)
  })

  it('yields to a variable and to an option of ours', () => {
    expect(read({}, { [VARIABLE]: 'true', STREAMGAUGE_RAW_CHUNK: 'masked' }).resolved.rawChunk).toBe('masked')
    expect(read({ rawChunk: 'off' }, { [VARIABLE]: 'true' }).resolved.rawChunk).toBe('off')
  })
})

describe('enabled', () => {
  it('is off where OTEL_SDK_DISABLED is true, even if our variable says on', () => {
    expect(read({}, { OTEL_SDK_DISABLED: 'True' }).resolved.enabled).toBe(false)
    expect(read({}, { OTEL_SDK_DISABLED: 'true', STREAMGAUGE_ENABLED: 'true' }).resolved.enabled).toBe(false)
    expect(read({}, { OTEL_SDK_DISABLED: 'false' }).resolved.enabled).toBe(true)
  })

  it.each([
    ['the option', { enabled: false }, {}],
    ['STREAMGAUGE_ENABLED', {}, { STREAMGAUGE_ENABLED: 'false' }],
    ['OTEL_SDK_DISABLED', {}, { OTEL_SDK_DISABLED: 'true' }],
  ])(
    'off by %s, nothing is told',
    async (_, options, env) => {
      const done = await replay({ major: 7, reads: ['data: {"choices":['], options }, env)
      expect({ spans: done.spans, logs: done.logs, metrics: done.metrics }).toEqual({
        spans: [],
        logs: [],
        metrics: {},
      })
    },
    60_000,
  )
})

it('dialects of the user let answers end in a way of their own, at their host only', async () => {
  const reads = ['data: {"id":"x","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n']
  const options: StreamgaugeOptions = { dialects: [{ host: '*.example', model: 'gpt-*', terminator: 'optional' }] }
  const there = await replay({ major: 7, reads, options })
  expect(there.spans.at(-1)?.attributes).toMatchObject({ 'streamgauge.stream.outcome': 'completed' })
  const elsewhere = await replay({ major: 7, reads, options, baseURL: 'http://llm.invalid/v1' })
  expect(elsewhere.spans.at(-1)?.attributes).toMatchObject({ 'error.type': 'missing_terminator' })
}, 60_000)

it('a stall is a wait longer than the threshold', async () => {
  const reads = [
    'data: {"id":"x","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
    'data: [DONE]\n\n',
  ]
  const stalled = await replay({ major: 7, reads, pauseMs: 60, options: { stallThresholdMs: 40 } })
  expect(stalled.spans.at(-1)?.attributes).toHaveProperty(['streamgauge.stream.anomalies'], ['stalled'])
  const calm = await replay({ major: 7, reads, pauseMs: 60 })
  expect(calm.spans.at(-1)?.attributes).not.toHaveProperty(['streamgauge.stream.anomalies'])
}, 60_000)

it('instrumentOpenAI warns of what is no class of openai', async () => {
  const { stdout, stderr } = await runApp('wrong-classes.ts')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual([
    expect.stringMatching(
      /no streams will be seen, since OpenAI and Stream is not a class of openai 4 to 7; pass \{ OpenAI \} from 'openai'/,
    ),
    expect.stringMatching(/since Stream is not/),
  ])
}, 60_000)

it('name and version are those of package.json', async () => {
  const { name, version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >
  expect({ name: PACKAGE_NAME, version: PACKAGE_VERSION }).toEqual({ name, version })
})
