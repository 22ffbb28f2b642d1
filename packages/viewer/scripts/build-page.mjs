// Builds the page into dist/page, where what it is made of has changed: that costs a second, and
// looking whether it has a few milliseconds.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PACKAGE = join(import.meta.dirname, '..')
const SOURCE = join(PACKAGE, 'page')
const INDEX = join(PACKAGE, 'dist/page/index.html')
const DIGEST = join(PACKAGE, '../../.cache/page.sha256')

const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .toSorted()
// The names that it shares with core, and the versions of what it is built with.
files.push(join(PACKAGE, '../core/src/semconv.ts'), join(PACKAGE, 'package.json'))

const hash = createHash('sha256')
for (const path of files) hash.update(`${path}\0`).update(readFileSync(path))
const digest = hash.digest('hex')

if (!existsSync(INDEX) || !existsSync(DIGEST) || readFileSync(DIGEST, 'utf8') !== digest) {
  const { build } = await import('vite')
  await build({ configFile: join(SOURCE, 'vite.config.ts') })
  mkdirSync(dirname(DIGEST), { recursive: true })
  writeFileSync(DIGEST, digest)
}
