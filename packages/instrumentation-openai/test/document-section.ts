import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCS = join(import.meta.dirname, '../docs')

const between = (mark: string): RegExp => new RegExp(`(<!-- ${mark} -->\n)(.*?)(<!-- /${mark} -->)`, 's')

/** The formatter pads the columns of tables: that is all it may do. */
const normalize = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()

/** What stands between `<!-- mark -->` and `<!-- /mark -->` in `docs/<mark>.md`; with UPDATE_README=1 it is written first. */
export function readSection(mark: string, wanted: string): string {
  const path = join(DOCS, `${mark}.md`)
  let text = readFileSync(path, 'utf8')
  if (process.env['UPDATE_README'] === '1') {
    text = text.replace(between(mark), (_, open: string, __, close: string) => `${open}\n${wanted}\n\n${close}`)
    writeFileSync(path, text)
  }
  return normalize(between(mark).exec(text)?.[2] ?? '')
}

/** A table of Markdown. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
