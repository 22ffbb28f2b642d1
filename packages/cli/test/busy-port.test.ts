import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { hasTerminal, LIMIT_MS, runCli, startCli, startInTerminal } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

const isLinux = process.platform === 'linux'
if (!isLinux) console.log('SKIP which process holds a port: needs the /proc of Linux')

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A port that this process listens on. */
async function takePort(server: Server = createServer(), host = '127.0.0.1'): Promise<number> {
  servers.push(server.listen(0, host))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The one sentence of a view that could not listen: who holds the port, and the other port that is offered. */
async function viewOn(port: number, args: readonly string[] = []): Promise<readonly [holder: string, offered: number]> {
  const { stdout, stderr, exitCode } = await runCli(['view', '--port', `${port}`, ...args])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
  const pattern = new RegExp(
    `^streamgauge: Port ${port} on \\S+ is taken (.*): stop it, or run \`streamgauge view --port (\\d+)\`, ` +
      'with OTEL_EXPORTER_OTLP_ENDPOINT=http://127\\.0\\.0\\.1:\\2 set where your app runs\\.\\n$',
  )
  expect(stderr).toMatch(pattern)
  const [, holder = '', offered = ''] = pattern.exec(stderr) ?? []
  return [holder, Number(offered)]
}

describe('view on a port that is taken', () => {
  it('names a running streamgauge and its page, and offers a port on which the next one starts', async () => {
    const first = startCli(['view', '--port', '0'])
    const [, url = '', port = ''] = await first.prints(/Listening on (http:\S+:(\d+));/)
    const [holder, offered] = await viewOn(Number(port))
    expect(holder).toMatch(/^by a running streamgauge( \(process \d+\))?, whose page is /)
    expect(holder.endsWith(` whose page is ${url}`)).toBe(true)
    const second = startCli(['view', '--port', `${offered}`])
    await second.prints(new RegExp(`export OTEL_EXPORTER_OTLP_ENDPOINT=http://127\\.0\\.0\\.1:${offered}\\n`))
    for (const { pid } of [first, second]) process.kill(pid, 'SIGINT')
    expect([(await first.ended).exitCode, (await second.ended).exitCode]).toEqual([0, 0])
  })

  it('names a running streamgauge that wants a token, and does not need the token for it', async () => {
    const first = startCli(['view', '--port', '0'], { env: { STREAMGAUGE_VIEW_TOKEN: 'secret' } })
    const [, port = ''] = await first.prints(/Listening on http:\S+:(\d+);/)
    const [holder] = await viewOn(Number(port))
    expect(holder).toMatch(/^by a running streamgauge/)
    process.kill(first.pid, 'SIGINT')
    await first.ended
  })

  const describeLinux = isLinux ? describe : describe.skip
  describeLinux('on Linux', () => {
    it.each(['127.0.0.1', '0.0.0.0', '::'])('names the process that listens on %s', async (host) => {
      const [holder] = await viewOn(await takePort(createServer(), host))
      expect(holder).toMatch(new RegExp(`^by node\\S*( \\S+)? \\(process ${process.pid}\\)$`))
    })

    it('names the process without its arguments, which may be secrets', async () => {
      const listen = "require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})"
      const child = spawn(process.execPath, ['-e', listen, '--', '--token=secret', '/srv/\u001b[2Jshop.js'])
      const [port] = (await once(child.stdout, 'data')) as [Buffer]
      const [holder] = await viewOn(Number(port))
      child.kill()
      expect(holder).toMatch(new RegExp(`^by node\\S* \\\\u\\{1b\\}\\[2Jshop\\.js \\(process ${child.pid}\\)$`))
    })
  })

  it.each<readonly [string, Server]>([
    ['never answers', createServer()],
    [
      'answers without an end',
      createHttpServer((_, response) => {
        const write = (): void => {
          while (response.write('x'.repeat(65_536)));
        }
        response.on('drain', write)
        write()
      }),
    ],
    ['is another web server', createHttpServer((_, response) => response.end('<title>Jaeger UI</title>'))],
    ['sends elsewhere', createHttpServer((_, response) => response.writeHead(302, { location: '/' }).end())],
  ])('takes a program that %s for no streamgauge', async (_, server) => {
    const [holder] = await viewOn(await takePort(server))
    expect(holder).not.toContain('streamgauge')
  })
})

it('demo takes another port instead, since its app is its own, and says so', async () => {
  const port = await takePort()
  const { stdout, stderr, exitCode } = await runCli(['demo', '--port', `${port}`, '--fault', 'plain'])
  expect(stderr).toMatch(
    new RegExp(
      `^Port ${port} on 127\\.0\\.0\\.1 is taken by .*; the demo has an app of its own, and takes another port\\.\\n`,
    ),
  )
  expect(stderr).not.toContain(`telemetry arrives on http://127.0.0.1:${port}\n`)
  expect({ exitCode, told: stdout.includes('1 of 1 told as what they were') }).toEqual({ exitCode: 0, told: true })
})

const hasScript = hasTerminal()
if (!hasScript) console.log('SKIP what a terminal asks: needs the program `script` of util-linux')
const describeTerminal = hasScript ? describe : describe.skip

describeTerminal('in a terminal, view', () => {
  const QUESTION = /Port \d+ on 127\.0\.0\.1 is taken by [^\n]*\.\r\nUse (\d+) instead\? \[Y\/n\] /

  it.each(['\n', 'y\n', 'Yes \n'])('asks, and takes the other port after %j', async (keys) => {
    const cli = startInTerminal(['view', '--port', `${await takePort()}`], 100)
    const [, other = ''] = await cli.prints(QUESTION)
    cli.type(keys)
    const [, url = ''] = await cli.prints(/export OTEL_EXPORTER_OTLP_ENDPOINT=(http:\S+)\s/)
    expect(url).toBe(`http://127.0.0.1:${other}`)
    expect((await fetch(url)).status).toBe(200)
    cli.type(CTRL_C)
    expect((await cli.ended).exitCode).toBe(0)
  })

  it.each([
    ['n', 'n\n', 3, /Stop what listens on port \d+, or run `streamgauge view --port \d+`, with OTEL_\S+ set/],
    ['anything else', 'what?\n', 3, /Stop what listens on port/],
    ['the end of the input', CTRL_D, 3, /Stop what listens on port/],
    ['Ctrl-C', CTRL_C, 130, /\[Y\/n\] \s*$/],
  ])('asks, and ends after %s', async (_, keys, exitCode, said) => {
    const cli = startInTerminal(['view', '--port', `${await takePort()}`], 100)
    await cli.prints(QUESTION)
    cli.type(keys)
    const run = await cli.ended
    expect(run.exitCode).toBe(exitCode)
    expect(run.stdout).toMatch(said)
  })
})
