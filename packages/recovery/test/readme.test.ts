import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { RECOVERY_ATTR, RECOVERY_METRIC, RECOVERY_SPAN } from '../src/index.ts'
import { MAX_ALL_ATTEMPTS } from '../src/attempt-bounds.ts'
import { resolveOptions } from '../src/options.ts'
import { MAX_LINKS } from '../src/telemetry.ts'
import { MAX_PARTIAL_LENGTH, MAX_PARTIAL_PARTS } from '../src/text-budget.ts'
import { MAX_HELD_BYTES, MAX_PARTS } from '../src/reassemble/reassembler.ts'
import { armFaults } from './apps/sdks.ts'

const PACKAGE = join(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(join(PACKAGE, name), 'utf8')
const blocks = Array.from(read('README.md').matchAll(/```js\n(.*?)```/gs), ([, code = '']) => code)

/** What its block is to meet, and what it must print. */
const MEETS: readonly (readonly [faults: readonly string[], printed: RegExp])[] = [
  [['empty_body'], /^\S+ \S+ \S+/],
  [[], /^Stream broken: truncated_event\. .*\ntruncated_event policy\n/m],
  [['reset_inside_event'], /^\S+ \S+ \S+/],
  [
    ['reset_inside_event', 'cut_between_events'],
    /^0 response\.created\n(.*\n)*\d+ response\.completed\n(.*\n)*.*'resume'/,
  ],
  [[], /^whole\ncall_\w+ read_gauge \{ \w+:/],
  [[], /split/],
  [['reset_inside_event'], /^$/],
]

describe('the README', () => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer({ settleMs: 100 })
  })
  afterAll(() => server.close())

  it.each(blocks.map((code, at) => [at + 1, code] as const))(
    'has a block %i that runs as it stands',
    async (at, code) => {
      const [faults, printed] = MEETS[at - 1] ?? [[], /never/]
      await armFaults(server.url, faults)
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
        // In the package's folder, where its own name resolves to what is built.
        cwd: PACKAGE,
        env: { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: 'any', OPENAI_LOG: 'off' },
      })
      expect(stdout).toMatch(printed)
      expect(stderr).toBe('')
    },
  )

  it('has a block for each that is run', () => {
    expect(blocks).toHaveLength(MEETS.length)
  })
})

describe('the documents', () => {
  it('list every option with its default', () => {
    const rows = Array.from(read('docs/options.md').matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm), ([, name, value = '']) => [
      name,
      value.replaceAll('`', ''),
    ])
    const defaults = Object.entries(resolveOptions({})).filter(
      ([, value]) => typeof value === 'number' || typeof value === 'string',
    )
    for (const [name, value] of defaults) expect(rows).toContainEqual([name, String(value)])
    const names = rows.map(([name]) => name).join(', ')
    expect(() => resolveOptions({ x: 1 } as object)).toThrow(`Unknown option "x": allowed are ${names}.`)
  })

  it('list the bounds as the code has them', () => {
    const numbers = Array.from(read('docs/options.md').matchAll(/\| ([\d,]+) +\|$/gm), ([, number = '']) =>
      Number(number.replaceAll(',', '')),
    )
    expect(numbers).toEqual([
      MAX_PARTIAL_LENGTH,
      MAX_PARTIAL_PARTS,
      MAX_HELD_BYTES,
      MAX_PARTS,
      100,
      MAX_ALL_ATTEMPTS,
      MAX_LINKS,
    ])
  })

  it('name everything that goes to OpenTelemetry', () => {
    const telemetry = read('docs/telemetry.md')
    for (const name of [...Object.values(RECOVERY_ATTR), ...Object.values(RECOVERY_METRIC), RECOVERY_SPAN]) {
      expect(telemetry).toContain(`\`${name}\``)
    }
  })
})
