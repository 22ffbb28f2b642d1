import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { build } from 'esbuild'
import { BIN, LIMIT_MS, startProcess } from '../run-cli.ts'
import { about, doctorIn, doctorJson } from './doctor-json.ts'
import { COMPLETE, makeProject } from './make-project.ts'

// Real applications in real projects: what the doctor says was hooked, was.
jest.setTimeout(LIMIT_MS)

const DOOR = '@streamgauge/instrumentation-openai/register'

const READ = `
async function read(OpenAI) {
  const client = new OpenAI({ apiKey: 'any', baseURL: process.argv[2], maxRetries: 0, logLevel: 'off' })
  for (const model of ['plain', 'fault:no_done']) {
    const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'Hi' }] })
    for await (const _ of stream);
  }
  console.log('the app is done')
}`
const ESM = `import OpenAI from 'openai'\n${READ}\nawait read(OpenAI)`
const CJS = `const { OpenAI } = require('openai')\n${READ}\nvoid read(OpenAI)`

let server: FaultServer

beforeAll(async () => {
  server = await startFaultServer()
})

afterAll(() => server.close())

const HOOKED = ['ok: 2 streams seen: 1 broken (missing_terminator), 1 completed.']

describe('an application with a door', () => {
  const VERSIONS = { openai4: '4.104.0', openai5: '5.23.2', openai6: '6.49.0', openai: '7.57.0' }
  const CASES = Object.entries(VERSIONS).flatMap(([installed, version]) =>
    (['app.mjs', 'app.cjs'] as const).map((file) => [version, file, installed] as const),
  )

  it.each(CASES)('openai %s in %s is hooked', async (version, file, installed) => {
    const folder = makeProject({
      links: { ...COMPLETE, openai: installed },
      files: { 'app.mjs': ESM, 'app.cjs': CJS },
    })
    const run = await doctorJson(folder, ['--', process.execPath, '--import', DOOR, file, server.baseURL])
    expect(about(run, 'run')).toEqual([`ok: openai ${version} was hooked.`, ...HOOKED])
    // What the application prints is not mixed with the JSON.
    expect(run.stderr).toContain('the app is done\n')
  })

  it('one in NODE_OPTIONS is taken as it is', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': ESM } })
    const env = { NODE_OPTIONS: `--import=${DOOR}` }
    const run = await doctorJson(folder, ['--', process.execPath, 'app.mjs', server.baseURL], env)
    expect(about(run, 'run')).toEqual(['ok: openai 7.57.0 was hooked.', ...HOOKED])
  })

  it('its own SDK, with /hook, is seen as well', async () => {
    const folder = makeProject({
      links: COMPLETE,
      files: {
        'telemetry.mjs': `import { NodeSDK } from '@opentelemetry/sdk-node'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
const sdk = new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation()] })
sdk.start()
process.once('beforeExit', () => sdk.shutdown())`,
        'app.mjs': ESM,
      },
    })
    const door = ['--import', '@streamgauge/instrumentation-openai/hook', '--import', './telemetry.mjs']
    const run = await doctorJson(folder, ['--', process.execPath, ...door, 'app.mjs', server.baseURL])
    expect(about(run, 'run')).toEqual(['ok: openai 7.57.0 was hooked.', ...HOOKED])
  })
})

describe('an application without one', () => {
  const NO_DOOR =
    /^warning: Its command has no door of ours: for this run it was given \/register \(that of the project\)\.$/

  it.each([
    ['ES module', 'app.mjs'],
    ['CommonJS', 'app.cjs'],
  ])('is given one, and it is said (%s)', async (_, file) => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': ESM, 'app.cjs': CJS } })
    const run = await doctorJson(folder, ['--', process.execPath, file, server.baseURL])
    expect(about(run, 'run')).toEqual([expect.stringMatching(NO_DOOR), 'ok: openai 7.57.0 was hooked.', ...HOOKED])
  })

  it("gets the doctor's own where the project has none", async () => {
    const folder = makeProject({ links: { openai: 'openai6' }, files: { 'app.mjs': ESM } })
    const run = await doctorJson(folder, ['--', process.execPath, 'app.mjs', server.baseURL])
    expect(about(run, 'run')).toEqual([
      "warning: Its command has no door of ours: for this run it was given /register (the doctor's own, since the project has none).",
      'ok: openai 6.49.0 was hooked.',
      ...HOOKED,
    ])
  })
})

describe('what is not hooked is told of', () => {
  const BLIND = /^problem: openai sends requests, but none of its classes that do so is patched: /

  it('a bundle', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'source.mjs': ESM } })
    await build({
      entryPoints: [join(folder, 'source.mjs')],
      outfile: join(folder, 'app.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    })
    const run = await doctorJson(folder, ['--', process.execPath, '--import', DOOR, 'app.mjs', server.baseURL])
    expect(about(run, 'run')).toEqual([expect.stringMatching(BLIND), 'note: No stream was seen in this run.'])
    expect(run.exitCode).toBe(71)
  })

  it('an openai that was loaded before the door', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'setup.mjs': "import 'openai'", 'app.mjs': ESM } })
    const doors = ['--import', './setup.mjs', '--import', DOOR]
    const run = await doctorJson(folder, ['--', process.execPath, ...doors, 'app.mjs', server.baseURL])
    expect(about(run, 'door')).toContainEqual(
      expect.stringMatching(/^warning: In the command, --import \.\/setup\.mjs is loaded before/),
    )
    expect(about(run, 'run')).toContainEqual(expect.stringMatching(BLIND))
  })

  it('an application that loads no openai', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': 'await 0' } })
    const run = await doctorJson(folder, ['--', process.execPath, '--import', DOOR, 'app.mjs'])
    expect(about(run, 'run')).toEqual([
      expect.stringMatching(/^problem: No openai was hooked, and no telemetry came: /),
      'note: No stream was seen in this run.',
    ])
  })

  it.each(['{"kind":"warn', 'null'])('a note that is none (%s) is passed over', async (line) => {
    const append = `require('node:fs').appendFileSync(process.env.STREAMGAUGE_DOCTOR_FILE, process.argv[2] + '\\n')`
    const folder = makeProject({ links: COMPLETE, files: { 'app.cjs': append } })
    const run = await doctorJson(folder, ['--', process.execPath, '--import', DOOR, 'app.cjs', line])
    expect(run.run).toMatchObject({ exitCode: 0, nodeVersions: [process.versions.node], warnings: [] })
  })

  it('a program that is no Node.js', async () => {
    const run = await doctorJson(makeProject({ links: COMPLETE }), ['--', 'sh', '-c', 'exit 4'])
    expect(about(run, 'run')).toEqual([
      'problem: No Node.js ran in it that reads NODE_OPTIONS: nothing could be hooked.',
      'warning: It ended with exit code 4.',
      expect.stringMatching(/^warning: Its command has no door of ours/),
      'note: No stream was seen in this run.',
    ])
  })

  it('a program that does not start', async () => {
    const { stdout, stderr, exitCode } = await doctorIn(makeProject({}), ['--', 'no-such-program'])
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr: 'streamgauge: no-such-program does not start: there is no such program; look for a typing error.\n',
      exitCode: 3,
    })
  })
})

describe('the application runs as it would', () => {
  const SERVER = `process.on('SIGTERM', () => { console.log('SIGTERM'); process.exitCode = 7; clearInterval(timer) })
process.on('SIGINT', () => { console.log('SIGINT'); process.exitCode = 8; clearInterval(timer) })
const timer = setInterval(() => {}, 1000)
console.log('ready')`

  it('one that does not end is told to, after --timeout', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': SERVER } })
    // Long enough for a busy machine to start it.
    const run = await doctorJson(folder, ['--timeout', '8', '--', process.execPath, '--import', DOOR, 'app.mjs'])
    expect(run.stderr).toContain('ready\nSIGTERM\n')
    expect(run.run).toMatchObject({ wasStopped: true, exitCode: 7 })
    expect(about(run, 'run')[0]).toBe('note: It was told to end after 8 s.')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the doctor reaches it, and the doctor reports then',
    async (signal) => {
      const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': SERVER } })
      const args = [BIN, 'doctor', '--', process.execPath, '--import', DOOR, 'app.mjs']
      const cli = startProcess(process.execPath, args, { cwd: folder })
      await cli.prints(/ready/)
      process.kill(cli.pid, signal)
      const { stdout, exitCode } = await cli.ended
      expect(stdout).toMatch(new RegExp(`ready\\n${signal}\\n[^]*This run\\n[^]*\\n✗ 1 problem`))
      expect(exitCode).toBe(71)
    },
  )

  const SHELL = ['sh', '-c', `"${process.execPath}" --import ${DOOR} app.mjs; true`]

  it('what a shell has started ends with it, after --timeout', async () => {
    const folder = makeProject({
      links: COMPLETE,
      files: { 'app.mjs': `${SERVER}\nprocess.on('exit', () => console.log('gone'))` },
    })
    const run = await doctorJson(folder, ['--timeout', '8', '--', ...SHELL])
    expect(run.stderr).toContain('ready\nSIGTERM\ngone\n')
    expect(run.run).toMatchObject({ wasStopped: true })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s to the doctor reaches what a shell has started', async (signal) => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': SERVER } })
    const cli = startProcess(process.execPath, [BIN, 'doctor', '--', ...SHELL], { cwd: folder })
    await cli.prints(/ready/)
    process.kill(cli.pid, signal)
    const { stdout } = await cli.ended
    expect(stdout).toMatch(new RegExp(`ready\\n${signal}\\n[^]*This run\\n`))
  })

  it('its input, arguments, environment and output are its own', async () => {
    const folder = makeProject({
      links: COMPLETE,
      files: {
        'app.mjs': `process.stdin.once('data', (text) => {
  console.log(JSON.stringify([String(text), process.argv.slice(2), process.env.MINE, process.env.OTEL_SERVICE_NAME]))
  process.exit(0)
})`,
      },
    })
    const args = [BIN, 'doctor', '--', process.execPath, '--import', DOOR, 'app.mjs', '-h', '--', 'x']
    const cli = startProcess(process.execPath, args, { cwd: folder, env: { MINE: 'kept', OTEL_SERVICE_NAME: 'shop' } })
    cli.type('typed')
    const { stdout } = await cli.ended
    expect(stdout).toContain('["typed",["-h","--","x"],"kept","shop"]\n')
  })

  it('its files stay as they are', async () => {
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': ESM } })
    writeFileSync(join(folder, '.env'), 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1\n')
    const command = [process.execPath, '--import', DOOR, '--env-file=.env', 'app.mjs', server.baseURL]
    const run = await doctorJson(folder, ['--', ...command])
    // Variables that are set win over those of the file.
    expect(about(run, 'run')).toEqual(['ok: openai 7.57.0 was hooked.', ...HOOKED])
  })
})
