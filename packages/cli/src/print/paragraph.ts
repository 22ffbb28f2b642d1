import { escapeForTerminal } from './escape.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

/**
 * A text behind its label, wrapped:
 *
 * ```
 *   why  the next hop ended
 *        the body in order
 * ```
 *
 * @param labelWidth columns of the label and the blanks behind it
 */
export function formatParagraph(label: string, text: string, width: number, labelWidth: number): readonly string[] {
  const indent = 2 + labelWidth
  return wrapText(escapeForTerminal(text), width - indent).map((line, i) => {
    const before = i === 0 ? `  ${paint('dim', label.padEnd(labelWidth))}` : ' '.repeat(indent)
    return before + line
  })
}
