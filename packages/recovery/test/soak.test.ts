import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'

/** Another number of streams, and another seed, than those of every day. */
const { STREAMGAUGE_SOAK_STREAMS: streams = '10000', STREAMGAUGE_SOAK_SEED: seed = '1' } = process.env

interface Soak {
  readonly ends: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

it(`accounts for every chunk of ${streams} streams that break at random (seed ${seed})`, async () => {
  const app = join(import.meta.dirname, 'apps/soak.ts')
  const args = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', app, streams, seed]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { ends, failures } = JSON.parse(stdout) as Soak
  expect(failures).toEqual([])
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(Number(streams))
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['whole', 'left', 'error connection_reset']))
}, 300_000)
