/** A module that Node.js loads before the application. */
export interface Preload {
  readonly flag: 'import' | 'require' | 'loader'
  readonly module: string
}

const FLAGS: Readonly<Record<string, Preload['flag']>> = {
  '--import': 'import',
  '--require': 'require',
  '-r': 'require',
  '--loader': 'loader',
  '--experimental-loader': 'loader',
}

/** Splits a command line, or `NODE_OPTIONS`, into its words: quotes hold words together, a backslash takes the next sign as it is. */
export function splitWords(text: string): readonly string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'])+/g) ?? []
  return words.map((word) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) => {
      if (escaped !== undefined) return String(escaped)
      return double === undefined ? String(single) : String(double).replaceAll(/\\(.)/g, '$1')
    }),
  )
}

/** The modules that these words preload, in the order in which Node.js loads them: `--require` comes before `--import`. */
export function findPreloads(words: readonly string[]): readonly Preload[] {
  const found = words.flatMap((word, index): Preload[] => {
    const [name, value] = splitOnce(word)
    const flag = FLAGS[name]
    const module = value ?? words[index + 1]
    return flag === undefined || module === undefined ? [] : [{ flag, module }]
  })
  const order: readonly Preload['flag'][] = ['loader', 'require', 'import']
  return order.flatMap((flag) => found.filter((preload) => preload.flag === flag))
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** Which of our doors a module is, if it is one. */
export function doorOf({ module }: Preload): 'register' | 'hook' | undefined {
  const [, door] =
    /instrumentation-openai\/(?:dist\/)?(register|hook)(?:-require)?(?:\.c?js)?$/.exec(module.replaceAll('\\', '/')) ??
    []
  return door as 'register' | 'hook' | undefined
}
