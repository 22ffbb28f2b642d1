import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, jest } from '@jest/globals'
import { postSpan } from './post-span.ts'
import { LIMIT_MS, runCli, startCli, type CliRun, type StartedCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))

/** Waits until it listens, and says where. */
async function listens(cli: StartedCli): Promise<string> {
  const [, url = ''] = await cli.prints(/See them on one page: (http:\S+)\nListening on [^]*register app\.mjs\s/)
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
