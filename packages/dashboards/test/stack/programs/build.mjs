// Builds the programs that the stack is made of from their Go modules, into .cache/programs, where they are not there yet. Go
// checks every module against its checksum database. About ten minutes on two cores, and nothing at all the second time.
//
// With --optional it says what cannot be built, and leaves it out: tests are skipped then. Otherwise it exits with 1.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CACHE, isBuilt, PROGRAMS } from './programs.ts'

/** Go 1.26 is what the newest of them asks for. */
const GO = { major: 1, minor: 26 }

const BUILDERS = {
  collector(version, folder, work) {
    run(work, ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`], { GOBIN: work })
    const config = join(import.meta.dirname, 'collector.yaml')
    execFileSync(join(work, 'builder'), ['--config', config], {
      cwd: work,
      env: environment(),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    cpSync(join(work, 'otelcol/otelcol'), join(folder, 'otelcol'))
  },
  prometheus(version, folder, work) {
    // 3.16 is the module's 0.316. Without the clouds' service discoveries, which nothing here uses, it takes half the time.
    const [, minor, patch] = version.split('.')
    const module = 'github.com/prometheus/prometheus'
    const packages = PROGRAMS.prometheus.executables.map((name) => `${module}/cmd/${name}@v0.3${minor}.${patch}`)
    run(work, ['install', '-tags', 'remove_all_sd', ...says(version), ...packages], { GOBIN: folder })
  },
  alertmanager(version, folder, work) {
    // Its pages are made when it is released, and its module lacks them: a copy gets empty ones.
    const source = copyModule(`github.com/prometheus/alertmanager@v${version}`, work)
    for (const page of ['elm', 'mantine']) {
      mkdirSync(join(source, 'ui/app/dist', page), { recursive: true })
      writeFileSync(join(source, 'ui/app/dist', page, 'index.html'), '<!doctype html><title>Alertmanager</title>')
    }
    const packages = PROGRAMS.alertmanager.executables.map((name) => `./cmd/${name}`)
    run(source, ['build', '-trimpath', ...says(version), '-o', `${folder}/`, ...packages])
  },
  compose(version, folder, work) {
    // Its module excludes others, which `go install` does not take from a module that is not the one at work.
    const source = copyModule(`github.com/docker/compose/v5@v${version}`, work)
    const flags = ['-ldflags', `-s -w -X github.com/docker/compose/v5/internal.Version=v${version}`]
    run(source, ['build', '-trimpath', ...flags, '-o', join(folder, 'docker-compose'), './cmd'])
  },
}

const isOptional = process.argv.includes('--optional')
const missing = Object.keys(PROGRAMS).filter((name) => !isBuilt(name))
const complaint = missing.length === 0 ? undefined : findGoProblem()
if (complaint !== undefined) give(`${missing.join(', ')} cannot be built: ${complaint}`)
else for (const name of missing) tryBuild(name)

function tryBuild(name) {
  try {
    build(name, PROGRAMS[name].version)
  } catch (error) {
    give(`${name} cannot be built: ${error.message}`)
  }
}

function give(sentence) {
  console.error(sentence)
  if (!isOptional) process.exitCode = 1
}

function build(name, version) {
  const started = Date.now()
  console.log(`${name} ${version}: building`)
  const target = join(CACHE, `${name}-${version}`)
  mkdirSync(CACHE, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'streamgauge-build-'))
  const folder = join(work, 'bin')
  mkdirSync(folder)
  try {
    BUILDERS[name](version, folder, work)
    // What stands in the cache is whole.
    rmSync(target, { recursive: true, force: true })
    cpSync(folder, `${target}.part`, { recursive: true })
    renameSync(`${target}.part`, target)
  } finally {
    execFileSync('chmod', ['-R', 'u+w', work])
    rmSync(work, { recursive: true, force: true })
  }
  console.log(`${name} ${version}: built in ${Math.round((Date.now() - started) / 1000)} s`)
}

/** The source of a module, to be changed and built. */
function copyModule(module, work) {
  const source = join(work, 'source')
  cpSync(JSON.parse(run(work, ['mod', 'download', '-json', module])).Dir, source, { recursive: true })
  execFileSync('chmod', ['-R', 'u+w', source])
  return source
}

/** Programs built from modules do not know their version otherwise. */
function says(version) {
  return ['-ldflags', `-X github.com/prometheus/common/version.Version=${version}`]
}

function run(cwd, args, extra = {}) {
  return execFileSync('go', args, {
    cwd,
    env: { ...environment(), ...extra },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  })
}

function environment() {
  return { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' }
}

/** Why Go cannot build them, or undefined. */
function findGoProblem() {
  let version = ''
  try {
    version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim()
  } catch {
    // There is none.
  }
  const [, major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
  if (major > GO.major || (major === GO.major && minor >= GO.minor)) return undefined
  const found = version === '' ? 'there is no `go` on the PATH' : `this is ${version}`
  return `Go ${GO.major}.${GO.minor} or newer is needed, and ${found}. See https://go.dev/doc/install.`
}
