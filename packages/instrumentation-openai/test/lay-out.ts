import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build, type Format } from 'esbuild'
import type { SdkMajor } from '@streamgauge/fault-server'

const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'streamgauge-'))

/** The package as npm would lay it out, with all its dependencies but the optional one. */
export async function layOutWithoutSdk(): Promise<string> {
  const own = join(import.meta.dirname, '..')
  const root = await makeFolder()
  const modules = join(root, 'node_modules')
  await cp(join(own, 'dist'), join(modules, '@streamgauge/instrumentation-openai/dist'), { recursive: true })
  await cp(join(own, 'package.json'), join(modules, '@streamgauge/instrumentation-openai/package.json'))
  const links = ['@opentelemetry/api', '@opentelemetry/instrumentation', '@streamgauge/core', 'import-in-the-middle']
  for (const name of links) await link(join(own, 'node_modules', name), join(modules, name))
  return root
}

/**
 * The application of `apps/packed` with this package and core as npm packs and unpacks them. Beside them is nothing but what
 * they name as dependencies, linked from here; and openai.
 */
export async function layOutPacked(): Promise<string> {
  const own = join(import.meta.dirname, '..')
  const root = await makeFolder()
  const run = promisify(execFile)
  await cp(join(own, 'test/apps/packed'), root, { recursive: true })
  const names = new Set<string>()
  for (const name of ['core', 'instrumentation-openai']) {
    const folder = join(root, 'node_modules/@streamgauge', name)
    await mkdir(folder, { recursive: true })
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', root], {
      cwd: join(own, '..', name),
    })
    await run('tar', ['-xzf', join(root, stdout.trim()), '-C', folder, '--strip-components=1'])
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))
      names.add(dependency)
  }
  names.delete('@streamgauge/core')
  for (const name of names) await link(join(own, 'node_modules', name), join(root, 'node_modules', name))
  await link(join(own, 'node_modules/openai7'), join(root, 'node_modules/openai'))
  await link(join(own, '../../node_modules/@types/node'), join(root, 'node_modules/@types/node'))
  return root
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path)
}

/** A package with the name, the version and the files of another openai, and applications that load it. */
export async function layOutOpenAI(version: string, module: string, script: string): Promise<string> {
  const root = await makeFolder()
  const folder = join(root, 'node_modules/openai')
  await mkdir(folder, { recursive: true })
  const exports = { '.': { import: './index.mjs', require: './index.js' } }
  const files: Readonly<Record<string, string>> = {
    'node_modules/openai/package.json': JSON.stringify({ name: 'openai', version, exports }),
    'node_modules/openai/index.mjs': `export { OpenAI } from './${module}'\n`,
    'node_modules/openai/index.js': `exports.OpenAI = require('./${script}').OpenAI\n`,
    [`node_modules/openai/${module}`]: 'export class OpenAI {}\n',
    [`node_modules/openai/${script}`]: 'exports.OpenAI = class OpenAI {}\n',
    'app.mjs': "import { OpenAI } from 'openai'\nnew OpenAI()\nconsole.log('ran')\n",
    'app.cjs': "const { OpenAI } = require('openai')\nnew OpenAI()\nconsole.log('ran')\n",
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  return root
}

/** OpenTelemetry's CommonJS asks for `require`, which an ES module lacks: esbuild leaves it to whoever builds. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)"

/**
 * Bundles an application of `apps/doors` with one major of openai and this package inside; the SDK of OpenTelemetry stays
 * outside.
 *
 * @returns the folder of `bundle.mjs` and `bundle.cjs`
 */
export async function layOutBundles(app: string, major: SdkMajor): Promise<string> {
  const own = join(import.meta.dirname, '..')
  const root = await makeFolder()
  await symlink(join(own, 'node_modules'), join(root, 'node_modules'))
  const bundle = (format: Format, outfile: string, banner: string): Promise<unknown> =>
    build({
      entryPoints: [join(own, 'test/apps/doors', app)],
      bundle: true,
      platform: 'node',
      format,
      outfile: join(root, outfile),
      banner: { js: banner },
      absWorkingDir: own,
      alias: { openai: `openai${major}` },
      external: ['@opentelemetry/api', '@opentelemetry/sdk-node'],
    })
  await Promise.all([bundle('esm', 'bundle.mjs', REQUIRE), bundle('cjs', 'bundle.cjs', '')])
  return root
}
