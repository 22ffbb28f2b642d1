import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { LIMIT_MS, runCli } from '../run-cli.ts'
import { doctorIn, doctorJson } from './doctor-json.ts'
import { COMPLETE, makeProject } from './make-project.ts'

jest.setTimeout(LIMIT_MS)

const JSON_OF_APP = {
  type: 'module',
  scripts: { start: 'node --import @streamgauge/instrumentation-openai/register app.mjs' },
}

let collector: Server
let inOrder: Readonly<Record<string, string>>

beforeAll(async () => {
  collector = createServer((request, response) => void request.resume().once('end', () => response.end()))
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const { port } = collector.address() as AddressInfo
  inOrder = { OTEL_SERVICE_NAME: 'shop', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }
})

afterAll(() => void collector.close())

describe('the exit code is by the worst that was found', () => {
  it.each<readonly [number, string, Readonly<Record<string, string>>]>([
    [0, 'ok', {}],
    [0, 'note', { OTEL_SERVICE_NAME: '' }],
    [70, 'warning', { OTEL_METRICS_EXPORTER: 'none' }],
    [71, 'problem', { OTEL_METRICS_EXPORTER: 'none', OTEL_SDK_DISABLED: 'true' }],
  ])('%i for %s', async (exitCode, level, env) => {
    const folder = makeProject({ json: JSON_OF_APP, links: COMPLETE })
    expect(await doctorJson(folder, [], { ...inOrder, ...env })).toMatchObject({
      level,
      exitCode,
      run: null,
      stderr: '',
    })
  })
})

describe('what is printed', () => {
  it('is a list under each title, and fits the page', async () => {
    const folder = makeProject({ json: JSON_OF_APP, links: COMPLETE })
    const { stdout, stderr, exitCode } = await doctorIn(folder, [], inOrder)
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(/^Here\n✓ Node\.js .*\n✓ .*: its \.js files are ES modules; both are hooked\.\n\nopenai\n/)
    expect(stdout).toMatch(/\n\nEndpoint\n✓ http:\/\/127\.0\.0\.1:\d+ takes telemetry \(http\/protobuf\)\.\n/)
    expect(stdout).toMatch(/\n✓ 0 problems, 0 warnings, 0 notes\n$/)
    expect(stdout.split('\n').filter((line) => line.length > 120 && !line.includes(folder))).toEqual([])
  })

  it.each([
    ['an unknown option', ['doctor', '--fix'], /Unknown option '--fix'/],
    ['an argument', ['doctor', 'app.mjs'], /Unexpected argument 'app\.mjs'/],
    ['nothing after --', ['doctor', '--'], /After -- comes the command/],
    ['no time', ['doctor', '--timeout', '0'], /--timeout must be a whole number of seconds/],
  ])('%s is bad usage', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(args)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^streamgauge: [^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
  })
})
