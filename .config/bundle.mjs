// Makes what core and instrumentation-openai publish, packages/*/dist, from what tsc emits into packages/*/build: minified
// code in few files, since each file costs an application time to load, and the declarations that can be reached from the
// entry points. Tests, demo and benches run these very files. Why so:
// packages/instrumentation-openai/decisions/2026-11-28-one-file-per-door.md
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { bundleDeclarations } from './bundle-declarations.mjs'

/** Classes keep their names, which show in stack traces and where they are printed; that costs 100 bytes. */
const MINIFY = {
  compress: { keepNames: { class: true, function: false } },
  mangle: { toplevel: true, keepNames: { class: true, function: false } },
  codegen: true,
}

await Promise.all(['packages/core', 'packages/instrumentation-openai'].map(bundlePackage))

async function bundlePackage(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const published = listFiles(manifest.exports).filter((path) => path.startsWith('./dist/'))
  const entries = published.map((path) => path.slice('./dist/'.length))
  const files = new Map([
    ...(await bundleCode(folder, manifest, withEnd(entries, '.js'))),
    ...bundleDeclarations(join(folder, 'build'), withEnd(entries, '.d.ts').toReversed()),
    // Doors for require(), of one line each.
    ...withEnd(entries, '.cjs').map((name) => [name, minifySync(name, readBuilt(folder, name)).code]),
    ...withEnd(entries, '.d.cts').map((name) => [name, readBuilt(folder, name)]),
  ])
  writeChanged(join(folder, 'dist'), files)
}

/** One file for each entry, and one for what several of them share: a process must never have two copies of its state. */
async function bundleCode(folder, { dependencies = {}, peerDependencies = {} }, entries) {
  const outside = ['node:', ...Object.keys({ ...dependencies, ...peerDependencies })]
  const bundle = await rolldown({
    cwd: resolve(folder),
    input: Object.fromEntries(entries.map((name) => [name.slice(0, -'.js'.length), `./build/${name}`])),
    platform: 'node',
    // What is no dependency of the package is put into the bundle.
    external: (id) => outside.some((name) => id.startsWith(name)),
  })
  const { output } = await bundle.generate({ format: 'es', minify: MINIFY, chunkFileNames: 'shared-[name].js' })
  await bundle.close()
  return output.map(({ fileName, code }) => [fileName, code])
}

/** Every path in a tree of conditions. */
function listFiles(exports) {
  return typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(listFiles)
}

function withEnd(names, end) {
  return names.filter((name) => name.endsWith(end))
}

function readBuilt(folder, name) {
  return readFileSync(join(folder, 'build', name), 'utf8').replace(/\/\/# sourceMappingURL=.*\n?/, '')
}

/** Leaves alone what is as it should be: somebody may be running it. Takes away what no longer belongs there. */
function writeChanged(folder, files) {
  mkdirSync(folder, { recursive: true })
  const present = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsbuildinfo'))
    .map((entry) => join(entry.parentPath, entry.name))
  const wanted = new Map([...files].map(([name, text]) => [join(folder, name), text]))
  for (const path of present) if (!wanted.has(path)) rmSync(path)
  for (const [path, text] of wanted) {
    if (present.includes(path) && readFileSync(path, 'utf8') === text) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
