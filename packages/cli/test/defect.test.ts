import { expect, it } from '@jest/globals'
import { runCli } from './run-cli.ts'

/** Loaded before the command: its output fails, as nothing of the system would. */
const preload = (write: string): string =>
  `--import data:text/javascript,${encodeURIComponent(`process.stdout.write = ${write}`)}`

it.each([
  ['in a command', "() => { throw new TypeError('a\u009b31m') }"],
  ['behind its back', "() => void setImmediate(() => { throw new TypeError('a\u009b31m') })"],
  ['in a promise that nobody waits for', "() => void Promise.reject(new TypeError('a\u009b31m'))"],
])('a defect of ours %s has an exit code of its own, one sentence and its stack', async (_, write) => {
  const { stdout, stderr, exitCode } = await runCli(['version'], { env: { NODE_OPTIONS: preload(write) } })
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 })
  expect(stderr).toMatch(
    /^streamgauge: This is a defect of streamgauge, and no verdict; report it, with these lines\.\nTypeError: a\\u\{9b\}31m\n {4}at /,
  )
})
