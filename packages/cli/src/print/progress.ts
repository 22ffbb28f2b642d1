import { plural } from './plural.ts'

/** Tells on stderr where the page is, and how far the tour has come: in place on a terminal, in one line elsewhere. */
export function showProgress(total: number, url: string): { update(arrived: number): void; end(): void } {
  const { stderr } = process
  if (!stderr.isTTY) {
    stderr.write(`Reading ${plural(total, 'stream')}; telemetry arrives on ${url}\n`)
    return { update: () => {}, end: () => {} }
  }
  const text = (arrived: number): string => `${arrived} of ${plural(total, 'stream')} received `
  stderr.write(`Watch the streams arrive on ${url}\n${text(0)}`)
  return {
    update: (arrived) => void stderr.write(`\r${text(arrived)}`),
    // Blanks clear a line on every terminal.
    end: () => void stderr.write(`\r${' '.repeat(text(total).length)}\r`),
  }
}
