import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { OPTION_ENV } from '@streamgauge/core/semconv'
import { readOptions } from '../src/read-options.ts'
import { MAX_CELLS } from '../src/telemetry/cells.ts'

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', name), 'utf8')
// The CLI has openai and an SDK of OpenTelemetry under their own names, as an application has.
const application = join(import.meta.dirname, '../../cli')

it.each([...read('README.md').matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], index) => [index + 1, code] as const))(
  'block %i of the README runs as it stands',
  async (_, code) => {
    const args = ['--input-type=module', '--eval', `${code}\nprocess.exit(0)`]
    const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: application })
    expect(stderr).toBe('')
  },
)

it('the table lists every option with its variable and its default', () => {
  const rows = [...read('docs/options.md').matchAll(/^\| `(\w+)` +\| (.*?) +\| (.*?) +\|/gm)].map(
    ([, name, env, value]) => [name, env, value],
  )
  const defaults = readOptions({}, {}, () => {})
  for (const [option, variable] of Object.entries(OPTION_ENV)) {
    const [, env = '', value = ''] = rows.find(([name]) => name === option) ?? []
    expect(env).toContain(`\`${variable}\``)
    expect(value.replaceAll('`', '')).toBe(String(defaults[option as keyof typeof OPTION_ENV]))
  }
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['redact', 'dialects']))
  expect(read('docs/telemetry.md')).toContain(`At most ${MAX_CELLS} sets of attributes`)
})
