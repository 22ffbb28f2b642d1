import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGE = join(import.meta.dirname, '..')

/** Without the padding of tables, which the formatter adds: that is all it may do. */
export const normalize = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()

/**
 * What stands between `<!-- mark -->` and `<!-- /mark -->` in a document of this package; with UPDATE_README=1 it is written
 * first.
 */
export function readSection(path: string, mark: string, wanted: string): string {
  const between = new RegExp(`(<!-- ${mark} -->\n)(.*?)(<!-- /${mark} -->)`, 's')
  const target = join(PACKAGE, path)
  let text = readFileSync(target, 'utf8')
  if (process.env['UPDATE_README'] === '1') {
    text = text.replace(between, (_, open: string, __, close: string) => `${open}\n${wanted}\n\n${close}`)
    writeFileSync(target, text)
  }
  return normalize(between.exec(text)?.[2] ?? '')
}

/** A table of Markdown. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, head.map(() => '---'), ...rows]
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}
