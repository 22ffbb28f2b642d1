import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, jest } from '@jest/globals'
import { folderWithOpener } from './opener.ts'
import { postSpan } from './post-span.ts'
import { hasTerminal, LIMIT_MS, startInTerminal, URL_OF_RECEIVER, type StartedCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const CTRL_C = '\u0003'

/** The process that another one has started, by the /proc of Linux. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0])
const canSeeChildren = existsSync(`/proc/${process.pid}/task/${process.pid}/children`)
if (!canSeeChildren) console.log('SKIP an application that is held during Ctrl-C: needs the /proc of Linux')
const describeHeld = hasTerminal() && canSeeChildren ? describe : describe.skip

const hasScript = hasTerminal()
if (!hasScript) console.log('SKIP what a terminal shows: needs the program `script` of util-linux')
const describeTerminal = hasScript ? describe : describe.skip

/** Waits until the tour is over and the demo listens. */
async function listens(cli: StartedCli): Promise<string> {
  const [, url = ''] = await cli.prints(/Listening on (http:\S+);[^]*register app\.mjs\s/)
  return url
}

describeTerminal('in a terminal', () => {
  it('the demo shows its progress and colours, and listens until Ctrl-C, which ends with the result of the tour', async () => {
    const cli = startInTerminal(['demo', '--fault', 'no_done', '--fault', 'plain'], 100)
    const url = await listens(cli)
    cli.type(CTRL_C)
    const { stdout, exitCode } = await cli.ended
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^Watch the streams arrive on http:\S+\r\n0 of 2 streams received \r[12] of 2 streams received/,
    )
    expect(stdout).toMatch(new RegExp(`^Watch the streams arrive on ${url}\r\n`))
    expect(stdout).toContain('\u001b[32m✓\u001b[39m')
    expect(stdout).toContain('\u001b[31mmissing_terminator\u001b[39m')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('the page of the demo is there before its tour, shows it as it plays, and starts no second one beside it', async () => {
    const cli = startInTerminal(['demo'], 100)
    const [, url = ''] = await cli.prints(/^Watch the streams arrive on (http:\S+)\s/)
    const live = await fetch(`${url}/api/live`)
    const options = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect((await fetch(`${url}/api/tour`, options)).status).toBe(409)
    const events = live.body?.pipeThrough(new TextDecoderStream()) ?? []
    let text = ''
    for await (const event of events) {
      text += event
      if (/"streams":[1-9]/.test(text)) break
    }
    const { matching } = (await (await fetch(`${url}/api/streams`)).json()) as { readonly matching: number }
    expect(matching).toBeGreaterThan(0)
    expect(await (await fetch(`${url}/api/tour`)).json()).toEqual({ state: 'running', failure: null })
    cli.type(CTRL_C)
    expect((await cli.ended).exitCode).toBe(130)
  })

  it('--open of the demo opens its page', async () => {
    const cli = startInTerminal(['demo', '--open', '--fault', 'plain'], 100, {
      PATH: `${folderWithOpener('exit 3')}:${process.env['PATH']}`,
    })
    const [, url = ''] = await cli.prints(/No browser could be opened \([\w-]+\): go to (http:\S+)\s/)
    expect(await listens(cli)).toBe(url)
    cli.type(CTRL_C)
    expect((await cli.ended).exitCode).toBe(0)
  })

  it('a stream of another application is told of as it arrives, whenever it began', async () => {
    const cli = startInTerminal(['demo', '--fault', 'plain'], 100)
    const url = await listens(cli)
    const now = Date.now()
    await postSpan(url, { model: 'late', outcome: 'completed', spanId: '00000000000000a1', startMs: now + 60_000 })
    await cli.prints(/late {2}completed/)
    const span = { model: 'early', outcome: 'broken', errorType: 'premature_close', spanId: '00000000000000a2' }
    await postSpan(url, { ...span, startMs: now - 60_000 })
    await cli.prints(/early {2}broken: premature_close {2}Retry\./)
    await postSpan(url, { model: 'x\u001b[2J', outcome: 'completed', spanId: '00000000000000a3', startMs: now })
    await cli.prints(/x\\u\{1b\}\[2J {2}completed/)
    cli.type(CTRL_C)
    const { stdout, exitCode } = await cli.ended
    expect(exitCode).toBe(0)
    expect(stdout.match(/(late|early) {2}/g)).toEqual(['late  ', 'early  '])
  })

  it('Ctrl-C after a tour that was told differently ends with 1', async () => {
    const cli = startInTerminal(['demo', '--fault', 'stall_then_close'], 100)
    const [, url = ''] = await cli.prints(URL_OF_RECEIVER)
    const span = { model: 'fault:stall_then_close', outcome: 'completed', service: 'streamgauge-demo' }
    await postSpan(url, { ...span, spanId: '00000000000000a1', startMs: Date.now() + 60_000 })
    await listens(cli)
    cli.type(CTRL_C)
    expect((await cli.ended).exitCode).toBe(1)
  })

  it('NO_COLOR keeps every escape sequence away', async () => {
    const cli = startInTerminal(['demo', '--once', '--fault', 'no_done'], 100, { NO_COLOR: '1' })
    const { stdout, exitCode } = await cli.ended
    expect(exitCode).toBe(0)
    expect(stdout).toContain('▲')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([80, 100, 120, 200])(
    'no line of the demo is wider than a terminal of %i columns, nor than 120',
    async (columns) => {
      const { stdout, exitCode } = await startInTerminal(['demo', '--once'], columns, { NO_COLOR: '1' }).ended
      // Whether each stream is told right, on however busy a machine, is beside the point.
      expect([0, 1]).toContain(exitCode)
      const lines = stdout.split('\n').map((line) => line.replace(/^[^]*\r(?!$)/, '').trimEnd())
      expect(lines.filter((line) => [...line].length > Math.min(columns, 120))).toEqual([])
      // What one looks for first is never left out.
      expect(stdout).toMatch(/[✓✗] {2}cut_inside_event +truncated_event +provider_truncation +/)
    },
  )

  it('the list of faults fits a terminal of 60 columns', async () => {
    const { stdout } = await startInTerminal(['faults'], 60).ended
    expect(stdout.split('\r\n').filter((line) => [...line].length > 60)).toEqual([])
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('The body ends cleanly in the middle of an event.')
  })
})

describeHeld('in a terminal whose application is held', () => {
  it('Ctrl-C during the tour ends it with 130, and waits for nothing that the application does', async () => {
    const cli = startInTerminal(['demo'], 100)
    await cli.prints(/\r[1-9]\d* of \d+ streams received/)
    const app = childOf(childOf(cli.pid))
    expect(app).toBeGreaterThan(1)
    // One that is held can neither send its telemetry nor end in order.
    process.kill(app, 'SIGSTOP')
    cli.type(CTRL_C)
    expect((await cli.ended).exitCode).toBe(130)
  })
})
