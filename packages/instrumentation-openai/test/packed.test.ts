import { execFile } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { layOutPacked } from './lay-out.ts'
import { startOtlpReceiver } from './otlp-receiver.ts'
import { runApp } from './run-app.ts'

// What npm would install, and not what stands in this repository: the packed packages in the folder of an application,
// beside nothing but what their manifests name.
const REGISTER = '@streamgauge/instrumentation-openai/register'
const LIMIT_MS = 60_000

let server: FaultServer
let folder: string
beforeAll(async () => {
  server = await startFaultServer()
  folder = await layOutPacked()
}, LIMIT_MS)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

describe('what is packed', () => {
  it.each([
    ['--import …/register, ES module', ['--import', REGISTER], 'app.mjs'],
    ['--import …/register, CommonJS', ['--import', REGISTER], 'app.cjs'],
    ['--require …/register, ES module', ['--require', REGISTER], 'app.mjs'],
    ['--require …/register, CommonJS', ['--require', REGISTER], 'app.cjs'],
    ['--import …/hook, required in code', ['--import', REGISTER.replace('register', 'hook')], 'in-code.cjs'],
    ['imported in code', [], 'in-code.mjs'],
    ['required in code', [], 'in-code.cjs'],
  ] as const)(
    'tells why a stream broke: %s',
    async (_, nodeOptions, app) => {
      const receiver = await startOtlpReceiver()
      const options = { nodeOptions, env: receiver.env, cwd: folder }
      const { exitCode, stdout, stderr } = await runApp(app, [server.baseURL], options)
      await receiver.close()
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'SyntaxError\n', stderr: '' })
      const told = receiver
        .requestSpans()
        .map(({ name, attributes }) => [name, attributes.find(({ key }) => key === 'error.type')?.value.stringValue])
      expect(told).toEqual([['chat fault:cut_json', 'malformed_event']])
    },
    LIMIT_MS,
  )

  it(
    'gives the same by import and by require, at every entry point',
    async () => {
      const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
      const given: unknown[] = []
      for (const name of ['@streamgauge/core', '@streamgauge/instrumentation-openai']) {
        const { exitCode, stdout, stderr } = await runApp('entries.mjs', [name], { env, cwd: folder })
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
        for (const line of stdout.trim().split('\n')) {
          const [specifier, imported, required] = JSON.parse(line) as [string, string[], string[]]
          expect(required).toEqual(imported)
          given.push([specifier, imported.length > 0])
        }
      }
      expect(given).toEqual([
        ['@streamgauge/core', true],
        ['@streamgauge/core/semconv', true],
        ['@streamgauge/core/faults', true],
        ['@streamgauge/instrumentation-openai', true],
        ['@streamgauge/instrumentation-openai/hook', false],
        ['@streamgauge/instrumentation-openai/register', false],
      ])
    },
    LIMIT_MS,
  )

  it(
    'has types for every entry point, and for a strict application',
    async () => {
      const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
      const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
      await writeFile(join(folder, 'consumer.ts'), CONSUMER)
      const found = await promisify(execFile)(tsc, [...flags, 'consumer.ts'], { cwd: folder }).catch(
        (error: { readonly stdout: string }) => error,
      )
      expect(found.stdout).toBe('')
    },
    LIMIT_MS,
  )

  it(
    'shows classes by their names',
    async () => {
      const script = `import { StreamMonitor, WireRecord } from '@streamgauge/core'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
console.log(StreamMonitor.name, WireRecord.name, OpenAIStreamInstrumentation.name)`
      await writeFile(join(folder, 'names.mjs'), script)
      const { stdout } = await runApp('names.mjs', [], { cwd: folder })
      expect(stdout).toBe('StreamMonitor WireRecord OpenAIStreamInstrumentation\n')
    },
    LIMIT_MS,
  )

  it('holds code, declarations, README and manifest, and nothing else', async () => {
    for (const name of ['core', 'instrumentation-openai']) {
      const path = join(folder, 'node_modules/@streamgauge', name)
      const files = await readdir(path, { recursive: true, withFileTypes: true })
      const others = files.filter((file) => file.isFile() && !/\.c?js$|\.d\.c?ts$/.test(file.name))
      expect(others.map((file) => file.name).toSorted((a, b) => a.localeCompare(b))).toEqual([
        'package.json',
        'README.md',
      ])
      const manifest = await readFile(join(path, 'package.json'), 'utf8')
      expect(manifest).not.toContain('/build/')
    }
  })
})

const CONSUMER = `import '@streamgauge/instrumentation-openai/hook'
import '@streamgauge/instrumentation-openai/register'
import { StreamMonitor, type StreamReport } from '@streamgauge/core'
import { describeFault, TIMERS } from '@streamgauge/core/faults'
import { ATTR } from '@streamgauge/core/semconv'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { instrumentOpenAI, OpenAIStreamInstrumentation, type StreamgaugeOptions } from '@streamgauge/instrumentation-openai'

const options: StreamgaugeOptions = { rawChunk: 'masked', redact: (text, { code }) => text + code }
new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation(options)] })
instrumentOpenAI({ OpenAI: class {}, Stream: class {} }, options).disable()
// @ts-expect-error no such mode
new OpenAIStreamInstrumentation({ rawChunk: 'loud' })

const monitor = new StreamMonitor({ api: 'chat' }, 0)
const report: StreamReport = monitor.finish({ kind: 'done' }, 1)
// @ts-expect-error a closed set
report.outcome === 'lost'
const seconds: readonly number[] | undefined = TIMERS[0]?.seconds
const outcome: 'streamgauge.stream.outcome' = ATTR.OUTCOME
console.log(describeFault('429')?.remedy, seconds, outcome)
`
