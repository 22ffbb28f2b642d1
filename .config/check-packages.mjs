// Packs each package as npm would and has publint and attw look inside: does every export exist, and does its type
// declaration say the truth about it? Prints a tool's output only when it objects. Then: are those two small enough that an
// application should not notice them?
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'

/**
 * What an application downloads of us: the tarballs of these two together, in bytes, as npm packs them. pnpm adds the
 * workspace's LICENSE to each, which is 4.2 kB.
 */
const DOWNLOADED = ['packages/core', 'packages/instrumentation-openai']
const MAX_DOWNLOADED_BYTES = 60_000

const packages = readdirSync('packages').map((name) => `packages/${name}`)
const checks = packages.flatMap((path) => [
  // `--pack npm`: a pnpm started by npx is not always on PATH.
  ['publint', '--strict', '--pack', 'npm', path],
  // esm-only: require() of an ES module works on every Node.js that we support, which attw does not know.
  ['attw', '--profile', 'esm-only', '--pack', path],
])

const results = await Promise.all(checks.map(run))
if (results.every((passed) => passed)) console.log(`publint and attw: ${packages.length} packages, no objection`)
else process.exitCode = 1

const sizes = await Promise.all(DOWNLOADED.map(readPackedSize))
const total = sizes.reduce((sum, size) => sum + size, 0)
const told = `packed, ${DOWNLOADED.map((path, i) => `${path} is ${sizes[i]}`).join(' and ')} bytes`
if (total <= MAX_DOWNLOADED_BYTES) console.log(`${told}: ${total} of at most ${MAX_DOWNLOADED_BYTES}`)
else {
  console.error(`${told}: ${total} together, where ${MAX_DOWNLOADED_BYTES} is the most.`)
  process.exitCode = 1
}

/** The size of the tarball that npm would publish, as npm says it. */
function readPackedSize(path) {
  return new Promise((resolve, reject) => {
    execFile('npm', ['pack', '--dry-run', '--json'], { cwd: path }, (error, stdout) => {
      if (error) reject(error)
      else resolve(Object.values(JSON.parse(stdout))[0].size)
    })
  })
}

function run([tool, ...args]) {
  return new Promise((resolve) => {
    execFile(`node_modules/.bin/${tool}`, args, (error, stdout, stderr) => {
      if (error) console.error(`$ ${[tool, ...args].join(' ')}\n${stdout}${stderr}`)
      resolve(!error)
    })
  })
}
