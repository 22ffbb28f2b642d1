import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it, jest } from '@jest/globals'
import { BIN } from './run-cli.ts'

const LIMIT_MS = 240_000
jest.setTimeout(LIMIT_MS)

const GIGABYTE = 1_000_000_000
/** Above what Node.js and the pieces under way take. */
const MAX_RESIDENT_BYTES = 400_000_000

/** Says at its end how much memory the process ever had, in kB. */
const TELL_MEMORY = `--import=data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+' kB'))`

const event = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`
const MANY_EVENTS = Buffer.from(event(' word'.repeat(12_000)))

/** Writes so much into the standard input of a replay, as fast as it reads. */
async function replayOf(
  beginning: string,
  piece: Buffer,
  bytes: number,
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const child = spawn(process.execPath, ['--max-old-space-size=64', TELL_MEMORY, BIN, 'replay', '-'], {
    stdio: 'pipe',
    timeout: LIMIT_MS,
  })
  // It may have seen enough.
  child.stdin.on('error', () => {})
  const closed = once(child, 'close')
  const said = Promise.all([text(child.stdout), text(child.stderr), closed])
  child.stdin.write(beginning)
  for (let written = 0; written < bytes && child.exitCode === null; written += piece.length) {
    if (!child.stdin.write(piece)) await Promise.race([once(child.stdin, 'drain').catch(() => {}), closed])
  }
  child.stdin.end()
  const [stdout, stderr, [exitCode]] = (await said) as [string, string, [number]]
  return { stdout, stderr, exitCode }
}

describe('1 GB from the standard input takes no more memory than a little', () => {
  it.each<readonly [string, string, Buffer, number, RegExp, number]>([
    ['a stream of 1 GB', '', MANY_EVENTS, GIGABYTE, /^✗ broken {2}missing_terminator$/m, 1],
    [
      'one event that never ends',
      'data: {"a":"',
      Buffer.alloc(65_536, 'x'),
      GIGABYTE,
      /^✗ broken {2}truncated_event$/m,
      1,
    ],
    ['a HAR that is too large', '{"log":{"entries":["', Buffer.alloc(65_536, 'x'), GIGABYTE, /^$/, 4],
    ['zeros', '', Buffer.alloc(65_536), GIGABYTE, /^$/, 4],
  ])('%s', async (_, beginning, piece, bytes, verdict, code) => {
    const { stdout, stderr, exitCode } = await replayOf(beginning, piece, bytes)
    expect(exitCode).toBe(code)
    expect(stdout).toMatch(verdict)
    const [, peak = ''] = /peak (\d+) kB$/.exec(stderr) ?? []
    expect(Number(peak) * 1024).toBeGreaterThan(0)
    expect(Number(peak) * 1024).toBeLessThan(MAX_RESIDENT_BYTES)
    expect(stderr.replace(/peak.*$/, '')).toMatch(code === 4 ? /^streamgauge: The standard input[^\n]*\.\n$/ : /^$/)
  })
})
