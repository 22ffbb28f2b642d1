import type { Finding, Level } from '../finding.ts'
import { escapeForTerminal } from './escape.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

const SIGNS: Readonly<Record<Level, readonly [sign: string, colour: 'green' | 'yellow' | 'red' | 'dim']>> = {
  ok: ['✓', 'green'],
  note: ['·', 'dim'],
  warning: ['!', 'yellow'],
  problem: ['✗', 'red'],
}

/** Columns before a text: those of its sign. */
const INDENT = 2
/** Columns of `why` and `do`. */
const LABEL_WIDTH = 5

/** Findings as a list: a sign and a sentence each, with what it rests on and what to do under it. */
export function formatFindings(findings: readonly Finding[], width: number): string {
  return findings.flatMap((finding) => formatFinding(finding, width)).join('\n')
}

function formatFinding({ level, text, why, remedy }: Finding, width: number): readonly string[] {
  const [sign, colour] = SIGNS[level]
  const isLoud = level === 'problem' || level === 'warning'
  const lines = wrapText(escapeForTerminal(text), width - INDENT)
  return [
    ...lines.map((line, i) => `${i === 0 ? paint(colour, sign) : ' '} ${isLoud ? paint('bold', line) : line}`),
    ...formatLabelled('why', why, width),
    ...formatLabelled('do', remedy, width),
  ]
}

function formatLabelled(label: string, text: string | undefined, width: number): readonly string[] {
  if (text === undefined || text === '') return []
  return wrapText(escapeForTerminal(text), width - INDENT - LABEL_WIDTH).map(
    (line, i) =>
      `${' '.repeat(INDENT)}${i === 0 ? paint('dim', label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)}${line}`,
  )
}
