import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const packageFolder = join(import.meta.dirname, '..')

it('the lines in the README run as they stand and print what their comments say', async () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? ''
  // From within the package, so that its own name resolves.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: packageFolder,
  })
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127.0.0.1:\d+$/),
    '200',
    "[ 'chat gpt-x: broken' ]",
    'null []',
    '',
  ])
})

it('the lines about settings do the same', async () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const blocks = Array.from(readme.matchAll(/```js\n(.*?)```/gs), ([, block = '']) => block)
  const code = blocks.find((block) => block.includes('adviseOn')) ?? ''
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: packageFolder,
  })
  expect(stdout).toBe('proxy_buffering off; run undefined\n')
})
