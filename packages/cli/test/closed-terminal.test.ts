import { once } from 'node:events'
import { existsSync, mkdtempSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { describe, expect, it, jest } from '@jest/globals'
import { listStreams, openStore } from '@streamgauge/viewer'
import { postSpan } from './post-span.ts'
import { BIN, hasTerminal, LIMIT_MS, startCli, TERMINAL_MAKER, type StartedCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))

const hasScript = hasTerminal()
if (!hasScript) console.log('SKIP a terminal that is closed: needs the program `script` of util-linux')

let count = 0
const newPath = (end: string): string => join(folder, `${(count += 1)}${end}`)

const SPAN = { model: 'kept', outcome: 'completed', spanId: '00000000000000a1', startMs: 0 }

/** Starts a view with a file, and sends a stream there. */
async function startView(): Promise<{ readonly cli: StartedCli; readonly db: string }> {
  const db = newPath('.db')
  const cli = startCli(['view', '--port', '0', '--db', db])
  const [, url = ''] = await cli.prints(/Listening on (http:\S+);[^]*register app\.mjs\s/)
  await postSpan(url, SPAN)
  await cli.prints(/kept {2}completed/)
  return { cli, db }
}

/** An orderly end leaves one file with everything in it; SQLite keeps a log beside it otherwise. */
function expectInOrder(db: string): void {
  expect(existsSync(`${db}-wal`)).toBe(false)
  const store = openStore({ path: db })
  expect(listStreams(store).map(({ model }) => model)).toEqual(['kept'])
  store.close()
}

describe('view ends in order, with everything stored,', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('on %s', async (signal) => {
    const { cli, db } = await startView()
    process.kill(cli.pid, signal)
    expect(await cli.ended).toMatchObject({ stderr: '', exitCode: 0 })
    expectInOrder(db)
  })

  it('on the two SIGHUPs of a shell and its system', async () => {
    const { cli, db } = await startView()
    process.kill(cli.pid, 'SIGHUP')
    process.kill(cli.pid, 'SIGHUP')
    expect(await cli.ended).toMatchObject({ stderr: '', exitCode: 0 })
    expectInOrder(db)
  })

  it('when whoever holds its input lets go of it', async () => {
    const { cli, db } = await startView()
    cli.closeInput()
    expect(await cli.ended).toMatchObject({ stderr: '', exitCode: 0 })
    expectInOrder(db)
  })

  it('when nobody reads its output any more', async () => {
    const db = newPath('.db')
    const child = spawn(process.execPath, [BIN, 'view', '--port', '0', '--db', db], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const url = await findUrl(child)
    child.stdout?.destroy()
    const exit = once(child, 'exit')
    await postSpan(url, SPAN)
    expect(await exit).toEqual([0, null])
    expectInOrder(db)
  })
})

const describeTerminal = hasScript ? describe : describe.skip
describeTerminal('a terminal that is closed', () => {
  it('ends view in order, with everything stored', async () => {
    const db = newPath('.db')
    const command = `exec "${process.execPath}" "${BIN}" view --port 0 --db "${db}"`
    const terminal = spawn(TERMINAL_MAKER, ['--quiet', '--command', command, '/dev/null'], { stdio: 'pipe' })
    await postSpan(await findUrl(terminal), SPAN)
    expect(existsSync(`${db}-wal`)).toBe(true)
    const closed = new Promise<void>((resolve) => {
      const watcher = watch(folder, { persistent: false }, () => {
        if (existsSync(`${db}-wal`)) return
        watcher.close()
        resolve()
      })
    })
    terminal.kill('SIGKILL')
    await closed
    expectInOrder(db)
  })
})

describe('view stays', () => {
  it.each(['< /dev/null', '< <(true)', '<&-'])('where its input is over at the start: %s', async (input) => {
    const line = `"${process.execPath}" "${BIN}" view --port 0 ${input}`
    const child = spawn('bash', ['-c', `exec ${line}`], { stdio: 'pipe' })
    const url = await findUrl(child)
    const exit = once(child, 'exit')
    await postSpan(url, SPAN)
    expect((await fetch(url)).status).toBe(200)
    child.kill('SIGINT')
    expect(await exit).toEqual([0, null])
  })
})

it('a second Ctrl-C is left to the system, which ends a process that is busy with its end', () => {
  const code = `
    import { listenForInterrupt } from ${JSON.stringify(new URL('../dist/listen-for-interrupt.js', import.meta.url).href)}
    const { signal } = listenForInterrupt()
    signal.addEventListener('abort', () => { process.kill(process.pid, 'SIGINT'); for (;;); })
    process.kill(process.pid, 'SIGINT')
    setInterval(() => {}, 1000)`
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { timeout: LIMIT_MS })
  expect(signal).toBe('SIGINT')
})

async function findUrl(child: ChildProcess): Promise<string> {
  let text = ''
  for (;;) {
    const [, url] = /Listening on (http:\S+);[^]*register app\.mjs\s/.exec(text) ?? []
    if (url !== undefined) return url
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer]
    text += String(chunk)
  }
}
