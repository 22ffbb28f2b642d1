import { describe, expect, it } from '@jest/globals'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const packageFolder = join(import.meta.dirname, '..')
const programs = join(packageFolder, 'node_modules/.bin')
const buf = join(packageFolder, 'node_modules/@bufbuild/buf/bin/buf')

/** The package starts the program of another one, which is optional: there is one for each system. */
const hasBuf = spawnSync(process.execPath, [buf, '--version']).status === 0
if (!hasBuf) {
  console.log('SKIP the generated code: buf does not run here; `pnpm install` with optional dependencies brings it')
}
const withBuf = hasBuf ? describe : describe.skip

withBuf('src/otlp/gen', () => {
  it('the generated code is what buf makes of the .proto files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'streamgauge-buf-'))
    try {
      execFileSync(process.execPath, [buf, 'generate', '-o', folder], {
        cwd: packageFolder,
        env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH']}` },
      })
      expect(readTree(join(packageFolder, 'src/otlp/gen'))).toEqual(readTree(join(folder, 'src/otlp/gen')))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 30_000)
})

function readTree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )
}
