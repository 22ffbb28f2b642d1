// Puts the declarations that can be reached from the entry points of a package into one file, comments included. What is not
// exported is not public: fields of classes that have such a type stay out, and so do members marked `@internal`.
import { cutOut, readDeclarations } from './read-declarations.mjs'

/** Where all declarations are; each entry exports by name what is its own. */
const SHARED = 'declarations'

/**
 * Declarations keep their text, and only lose the imports between their files. So a name can't stand for two things, nor a
 * thing have two names: both are errors.
 *
 * @param folder into which tsc emitted them
 * @param entries names of the `.d.ts` files in it that are published
 * @returns names and texts of the files to publish
 */
export function bundleDeclarations(folder, entries) {
  const files = new Map()
  const read = (path) => {
    if (!files.has(path)) files.set(path, readDeclarations(folder, path))
    return files.get(path)
  }
  const published = new Set(entries.flatMap((entry) => [...read(entry).exported.keys()]))
  const bundle = { read, published, declarations: new Map(), imports: new Map() }
  const outputs = entries.map((entry) => {
    const names = [...read(entry).exported.keys()]
    return [
      entry,
      formatEntry(
        entry,
        names.map((name) => (take(bundle, entry, name) ? `type ${name}` : name)),
      ),
    ]
  })
  if (bundle.declarations.size === 0) return outputs
  const imports = [...bundle.imports].map(([name, names]) => `import { ${[...names].join(', ')} } from '${name}';`)
  const texts = [...bundle.declarations.values()].map(({ text }) => text)
  return [...outputs, [`${SHARED}.d.ts`, [...imports, ...texts, ''].join('\n')]]
}

function formatEntry(entry, names) {
  if (names.length === 0) return 'export {};\n'
  const up = '../'.repeat(entry.split('/').length - 1) || './'
  return `export { ${names.join(', ')} } from '${up}${SHARED}.js';\n`
}

/** Takes what a name means in a file, and all that this needs; whether it is but a type. */
function take(bundle, path, name) {
  const { declarations, imported, exported } = bundle.read(path)
  const declaration = declarations.get(name)
  if (declaration === undefined) {
    const from = imported.get(name) ?? exported.get(name)
    if (from === undefined) throw new Error(`${path}: '${name}' is declared nowhere.`)
    if (from.name !== name) throw new Error(`${path}: '${from.name}' is called '${name}' here; give it one name.`)
    if (from.path !== undefined) return take(bundle, from.path, name)
    bundle.imports.set(from.package, new Set(bundle.imports.get(from.package)).add(name))
    return false
  }
  const taken = bundle.declarations.get(name)
  if (taken !== undefined && taken.declaration !== declaration) throw new Error(`${path}: '${name}' is elsewhere too.`)
  if (taken === undefined) {
    const isOurs = (used) => declarations.has(used) || imported.get(used)?.path !== undefined
    const { text, uses } = cutOut(declaration, (used) => isOurs(used) && !bundle.published.has(used))
    bundle.declarations.set(name, { declaration, text })
    for (const used of uses) if (isOurs(used) || imported.has(used)) take(bundle, path, used)
  }
  return declaration.isType
}
