// Reads a `.d.ts` file: what it declares, imports and exports.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { parseSync } from 'rolldown/utils'

/**
 * @returns by name: `declarations`; and `imported` and `exported`, the name where it comes from, with the path of that file
 *   or the name of that package, or neither if it is this file
 */
export function readDeclarations(folder, path) {
  const text = readFileSync(join(folder, path), 'utf8')
  const { program, comments, errors } = parseSync(path, text, { lang: 'dts' })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const file = { declarations: new Map(), imported: new Map(), exported: new Map() }
  for (const node of program.body) {
    const { type, specifiers = [], source, declaration = node } = node
    const from = source ? findSource(path, source.value) : {}
    if (type === 'ImportDeclaration') {
      for (const { imported, local } of specifiers) file.imported.set(local.name, { ...from, name: imported.name })
    } else if (declaration === null) {
      for (const { local, exported } of specifiers) file.exported.set(exported.name, { ...from, name: local.name })
    } else {
      const { name } = declaration.declarations?.[0].id ?? declaration.id
      // A function may have overloads.
      const nodes = [...(file.declarations.get(name)?.nodes ?? []), node]
      const isType = /^TS(Interface|TypeAlias)Declaration$/.test(declaration.type)
      file.declarations.set(name, { nodes, isType, text, comments })
      if (declaration !== node) file.exported.set(name, { name })
    }
  }
  return file
}

function findSource(path, source) {
  // tsc leaves the ends of file names in declarations as they are in the source.
  return source.startsWith('.') ? { path: join(dirname(path), source.replace(/\.ts$/, '.d.ts')) } : { package: source }
}

/**
 * The text of a declaration with its comment, without internal members, and the names in it.
 *
 * @param isHidden whether a name must not be the type of a field
 */
export function cutOut({ nodes, text, comments }, isHidden) {
  const uses = new Set()
  const texts = nodes.map((node) => {
    let own = ''
    let at = startOf(node)
    for (const member of findInternal(node)) {
      own += text.slice(at, startOf(member)).trimEnd()
      at = member.end
    }
    return own + text.slice(at, node.end)
  })
  return { text: texts.join('\n'), uses }

  function findInternal(node) {
    const isMember = /Definition$|Signature$/.test(node.type)
    const names = namesIn(node)
    if (isMember && commentOf(node)?.value.includes('@internal')) return [node]
    // A field that anybody may write is the state of a class, and none of its interface.
    if (node.type === 'PropertyDefinition' && (!node.readonly || names.some(isHidden)) && !isPrivateMark(node))
      return [node]
    const parts = childrenOf(node)
    if (node.type === 'Identifier') uses.add(node.name)
    return parts.flatMap(findInternal)
  }

  function startOf(node) {
    return commentOf(node)?.start ?? node.start
  }

  function commentOf(node) {
    return comments.findLast(({ end }) => end <= node.start && text.slice(end, node.start).trim() === '')
  }
}

/** `#private`, by which TypeScript tells classes apart that have something of the kind. */
function isPrivateMark({ key }) {
  return key.type === 'PrivateIdentifier'
}

function namesIn(node) {
  return node.type === 'Identifier' ? [node.name] : childrenOf(node).flatMap(namesIn)
}

/** The parts of a node, without its name. */
function childrenOf(node) {
  const parts = Object.entries(node).filter(([name]) => name !== 'key')
  return parts.flatMap(([, part]) => part).filter((part) => typeof part?.type === 'string')
}
