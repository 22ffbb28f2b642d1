// Runs every packages/*/bench/*.bench.{js,ts}, or those whose path contains one of the arguments, one after the other:
// benches that share the processor would measure each other. What each prints is written to RESULTS.md beside it, in a part
// of its own, with the date. Arguments that begin with -- are handed on.
//
// What must be installed first, `--peers`, is in packages/*/bench/peers, and runs only when it is asked for.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const folder = flags.includes('--peers') ? 'bench/peers' : 'bench'
const benches = readdirSync('packages')
  .flatMap((name) => files(`packages/${name}/${folder}`))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))

for (const path of benches) {
  console.log(`\n# ${path}\n`)
  // Node.js strips types unasked from 22.18 on; the flag is for 22.15 and harmless later.
  const options = ['--expose-gc', '--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  const { status, stdout } = spawnSync(process.execPath, [...options, path, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  console.log(stdout)
  if (status === 0) writeResult(path, stdout.trim())
  else process.exitCode = 1
}
if (benches.length === 0) {
  console.error(wanted.length === 0 ? 'no bench found' : `no bench matches ${wanted.join(' ')}`)
  process.exitCode = 1
}

/** Puts the part of one bench in place of what stood there, or behind all others. */
function writeResult(path, text) {
  const name = basename(path).replace(/\.bench\.[jt]s$/, '')
  const file = join(dirname(path.replace('/peers/', '/')), 'RESULTS.md')
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const part = `${start}\n\n## ${name}\n\n${text}\n\nRun on ${new Date().toISOString().slice(0, 10)}.\n\n${end}\n`
  const before = existsSync(file)
    ? readFileSync(file, 'utf8')
    : '# Results\n\nWritten by `pnpm bench`; each part by the bench of its name, whose head says what is measured.\n'
  const at = before.indexOf(start)
  const after = before.indexOf(end) + end.length + 1
  writeFileSync(file, at === -1 ? `${before}\n${part}` : before.slice(0, at) + part + before.slice(after))
}

function files(path) {
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => /\.bench\.[jt]s$/.test(name))
    .map((name) => `${path}/${name}`)
}
