import { existsSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, it, jest } from '@jest/globals'
import { LIMIT_MS, startCli, URL_OF_RECEIVER } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const childrenOf = (pid: number): string => `/proc/${pid}/task/${pid}/children`

/** Waits until a process has started another one. */
async function hasChild(pid: number): Promise<void> {
  while (readFileSync(childrenOf(pid), 'utf8') === '') await setImmediate()
}

const canSeeChildren = existsSync(childrenOf(process.pid))
if (!canSeeChildren) console.log('SKIP an interrupt while the application runs: needs the /proc of Linux')

type Case = readonly [
  name: string,
  isTime: (pid: number) => Promise<void>,
  target: (pid: number) => number,
  signal?: NodeJS.Signals,
]
const RUNNING: readonly Case[] = [
  ['Ctrl-C while the application runs', hasChild, (pid) => -pid],
  ['SIGINT for the command alone while the application runs', hasChild, (pid) => pid],
  ['SIGTERM for the command alone while the application runs', hasChild, (pid) => pid, 'SIGTERM'],
  ['a closed terminal while the application runs', hasChild, (pid) => -pid, 'SIGHUP'],
]

it.each<Case>([
  // A terminal interrupts the command and the application alike: the group of the process.
  ['Ctrl-C before the application has started', () => Promise.resolve(), (pid) => -pid],
  ...(canSeeChildren ? RUNNING : []),
])('%s ends the tour with 130, and nothing of it is left', async (_, isTime, target, signal = 'SIGINT') => {
  const cli = startCli(['demo', '--once'])
  const [, address = ''] = await cli.prints(URL_OF_RECEIVER)
  await isTime(cli.pid)
  process.kill(target(cli.pid), signal)
  const { stdout, stderr, exitCode } = await cli.ended
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 130 })
  expect(stderr).toMatch(/^Reading [^\n]*\n$/)
  expect(() => process.kill(-cli.pid, 0)).toThrow('ESRCH')
  await expect(fetch(address)).rejects.toThrow('fetch failed')
})
