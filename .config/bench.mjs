// Runs every packages/*/bench/*.bench.{js,ts}, or those whose path contains one of the arguments, one after the other:
// benches that share the processor would measure each other.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const wanted = process.argv.slice(2)
const benches = readdirSync('packages')
  .flatMap((name) => files(`packages/${name}/bench`))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))

for (const path of benches) {
  console.log(`\n# ${path}`)
  // Node.js strips types unasked from 22.18 on; the flag is for 22.15 and harmless later.
  const options = ['--expose-gc', '--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  const { status } = spawnSync(process.execPath, [...options, path], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
if (benches.length === 0) {
  console.error(wanted.length === 0 ? 'no bench found' : `no bench matches ${wanted.join(' ')}`)
  process.exitCode = 1
}

function files(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => /\.bench\.[jt]s$/.test(name))
      .map((name) => `${folder}/${name}`)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}
