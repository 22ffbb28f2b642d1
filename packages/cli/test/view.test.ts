import { existsSync, mkdtempSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { folderWithOpener } from './opener.ts'
import { postSpan, postSpans } from './post-span.ts'
import { hasTerminal, LIMIT_MS, runCli, startCli, startInTerminal, type CliRun, type StartedCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))

/** Waits until it listens, and says where. */
async function listens(cli: StartedCli): Promise<string> {
  const [, url = ''] = await cli.prints(/See the streams on one page: (http:\S+)\nListening on [^]*register app\.mjs\s/)
  return url
}

async function interrupt(cli: StartedCli): Promise<CliRun> {
  process.kill(cli.pid, 'SIGINT')
  return cli.ended
}

it('shows the streams of an app on a page until Ctrl-C, and in the terminal', async () => {
  const cli = startCli(['view', '--port', '0'])
  const url = await listens(cli)
  await postSpan(url, {
    model: 'mine',
    outcome: 'broken',
    errorType: 'premature_close',
    spanId: '00000000000000a1',
    startMs: 0,
  })
  await cli.prints(/mine {2}broken: premature_close/)
  const page = await fetch(url)
  expect(await page.text()).toMatch(/<title>Streamgauge<\/title>/)
  expect(await (await fetch(`${url}/api/streams`)).json()).toMatchObject({ streams: [{ model: 'mine' }], matching: 1 })
  expect(await interrupt(cli)).toMatchObject({ stderr: '', exitCode: 0 })
})

it('a name of a megabyte takes a part of a line', async () => {
  const cli = startCli(['view', '--port', '0'])
  const span = { model: 'm'.repeat(2 ** 20), outcome: 'broken', errorType: '\u001b[2J', spanId: '00000000000000a1' }
  await postSpan(await listens(cli), { ...span, startMs: 0 })
  const [line] = await cli.prints(/\nm+… {2}.*\n/)
  expect(line).toBe(`\n${'m'.repeat(199)}…  broken: \\u{1b}[2J  Retry.\n`)
  await interrupt(cli)
})

it('tells of each of many streams that arrive at once, and of one that began before all of them', async () => {
  const cli = startCli(['view', '--port', '0'])
  const url = await listens(cli)
  const spans = Array.from({ length: 1500 }, (_, i) => ({
    model: `many-${i}`,
    outcome: 'completed',
    spanId: (i + 1).toString(16).padStart(16, '0'),
    startMs: 1000 + i,
  }))
  await postSpans(url, spans)
  await postSpan(url, { model: 'long', outcome: 'completed', spanId: 'f'.repeat(16), startMs: 0 })
  await cli.prints(/long {2}completed\n/)
  const { stdout } = await interrupt(cli)
  expect(stdout.match(/many-\d+ {2}completed\n/g)).toHaveLength(1500)
})

it('--db keeps the streams for the next time', async () => {
  const db = join(folder, 'kept.db')
  const first = startCli(['view', '--port', '0', '--db', db])
  const span = { model: 'kept', outcome: 'completed', spanId: '00000000000000a1', startMs: 0 }
  await postSpan(await listens(first), span)
  await interrupt(first)
  const second = startCli(['view', '--port', '0', '--db', db])
  const streams = await fetch(`${await listens(second)}/api/streams`)
  expect(await streams.json()).toMatchObject({ streams: [{ model: 'kept' }] })
  await interrupt(second)
})

it('--db leaves a file of another program as it is', async () => {
  const file = join(folder, 'letter.txt')
  writeFileSync(file, 'Dear Sir or Madam, '.repeat(100))
  expect(await runCli(['view', '--port', '0', '--db', file])).toEqual({
    stdout: '',
    stderr: `streamgauge: ${file} is not a database of Streamgauge and was left as it is: choose another file.\n`,
    exitCode: 3,
  })
})

it('--open says where to go where no browser can be opened', async () => {
  const cli = startCli(['view', '--port', '0', '--open'], { env: { PATH: '/nowhere' } })
  const [, url = ''] = await cli.prints(/No browser could be opened \([\w-]+\): go to (http:\S+)\n/)
  expect(await listens(cli)).toBe(url)
  expect((await interrupt(cli)).exitCode).toBe(0)
})

describe('with a token', () => {
  const env = { STREAMGAUGE_VIEW_TOKEN: 'not-for-others' }

  it('listens for other machines, wants the token of each request, and prints it nowhere but on a terminal', async () => {
    const cli = startCli(['view', '--port', '0', '--host', '0.0.0.0'], { env })
    const [, url = ''] = await cli.prints(
      /See the streams on one page: (http:\S+) \(asks for a name, [^]*register app\.mjs\s/,
    )
    expect((await fetch(url)).status).toBe(401)
    const headers = { authorization: `Bearer ${env.STREAMGAUGE_VIEW_TOKEN}` }
    expect((await fetch(url, { headers })).status).toBe(200)
    const { stdout, stderr, exitCode } = await interrupt(cli)
    expect(stdout).toContain('OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$STREAMGAUGE_VIEW_TOKEN"\n')
    expect({ exitCode, isTold: `${stdout}${stderr}`.includes(env.STREAMGAUGE_VIEW_TOKEN) }).toEqual({
      exitCode: 0,
      isTold: false,
    })
  })
})

const hasScript = hasTerminal()
if (!hasScript) console.log('SKIP what a terminal shows: needs the program `script` of util-linux')
const describeTerminal = hasScript ? describe : describe.skip

describeTerminal('in a terminal', () => {
  it('the printed address of the page has the token in it', async () => {
    const cli = startInTerminal(['view', '--port', '0', '--token', 'a%b'], 100)
    const [, address = ''] = await cli.prints(/See the streams on one page: (http:\S+)\s[^]*register app\.mjs\s/)
    const { username, password, origin } = new URL(address)
    expect({ username, password }).toEqual({ username: 'streamgauge', password: 'a%25b' })
    const headers = { authorization: `Basic ${Buffer.from(`${username}:a%b`).toString('base64')}` }
    expect((await fetch(origin, { headers })).status).toBe(200)
    cli.type('\u0003')
    expect((await cli.ended).stdout).toContain('authorization=Bearer%20<the token, percent-encoded>"')
  })
})

const isLinux = process.platform === 'linux'
if (!isLinux) console.log('SKIP which address the browser gets: needs xdg-open, as Linux has it')
const describeLinux = isLinux ? describe : describe.skip

describeLinux('--open', () => {
  it('gives the browser the address without the token, which lists of processes would show', async () => {
    const opened = join(mkdtempSync(join(tmpdir(), 'streamgauge-')), 'opened')
    const env = { PATH: folderWithOpener(`echo "$*" > "${opened}.new"; /bin/mv "${opened}.new" "${opened}"`) }
    const told = new Promise<void>((resolve) => {
      const watcher = watch(join(opened, '..'), { persistent: false }, () => {
        if (!existsSync(opened)) return
        watcher.close()
        resolve()
      })
    })
    const cli = startCli(['view', '--port', '0', '--open', '--token', 'secret'], { env })
    const [, url = ''] = await cli.prints(/Listening on (http:\S+);/)
    await told
    expect(readFileSync(opened, 'utf8')).toBe(`${url}\n`)
    expect((await interrupt(cli)).exitCode).toBe(0)
  })

  it('says where to go where the browser fails', async () => {
    const cli = startCli(['view', '--port', '0', '--open'], { env: { PATH: folderWithOpener('exit 3') } })
    const [, url = ''] = await cli.prints(/No browser could be opened \(xdg-open\): go to (http:\S+)\n/)
    expect((await fetch(url)).status).toBe(200)
    await interrupt(cli)
  })
})

describe('the tour that the page starts', () => {
  const start = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${url}/api/tour`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', ...headers },
    })

  it('plays against this viewer, with its token, and shows its streams', async () => {
    const authorization = 'Bearer a%,b'
    const cli = startCli(['view', '--port', '0', '--token', 'a%,b'])
    const [, url = ''] = await cli.prints(/Listening on (http:\S+);[^]*register app\.mjs\s/)
    expect((await start(url, { authorization })).status).toBe(202)
    await cli.prints(/healthy:plain {2}completed/)
    expect((await start(url, { authorization })).status).toBe(409)
    await cli.prints(/fault:no_done {2}broken: missing_terminator/)
    expect(await interrupt(cli)).toMatchObject({ stderr: '', exitCode: 0 })
    expect(() => process.kill(-cli.pid, 0)).toThrow('ESRCH')
  })

  it('is over when its streams are there, and can be played again', async () => {
    const cli = startCli(['view', '--port', '0'])
    const url = await listens(cli)
    await start(url)
    let tour: unknown = { state: 'running' }
    while ((tour as { readonly state: string }).state === 'running') {
      tour = await (await fetch(`${url}/api/tour`)).json()
    }
    expect(tour).toEqual({ state: 'ready', failure: null })
    const { matching } = (await (await fetch(`${url}/api/streams`)).json()) as { readonly matching: number }
    expect(matching).toBeGreaterThanOrEqual(28)
    expect((await start(url)).status).toBe(202)
    await interrupt(cli)
    expect(() => process.kill(-cli.pid, 0)).toThrow('ESRCH')
  })
})
