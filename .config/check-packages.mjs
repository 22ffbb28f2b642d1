// Packs each package as npm would and has publint and attw look inside: does every export exist, and does its type
// declaration say the truth about it? Prints a tool's output only when it objects.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'

const packages = readdirSync('packages').map((name) => `packages/${name}`)
const checks = packages.flatMap((path) => [
  // `--pack npm`: a pnpm started by npx is not always on PATH.
  ['publint', '--strict', '--pack', 'npm', path],
  // esm-only: require() of an ES module works on every Node.js that we support, which attw does not know.
  ['attw', '--profile', 'esm-only', '--pack', path],
])

const results = await Promise.all(checks.map(run))
process.exitCode = results.every((passed) => passed) ? 0 : 1
if (process.exitCode === 0) console.log(`publint and attw: ${packages.length} packages, no objection`)

function run([tool, ...args]) {
  return new Promise((resolve) => {
    execFile(`node_modules/.bin/${tool}`, args, (error, stdout, stderr) => {
      if (error) console.error(`$ ${[tool, ...args].join(' ')}\n${stdout}${stderr}`)
      resolve(!error)
    })
  })
}
