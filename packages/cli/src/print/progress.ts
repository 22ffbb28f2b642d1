import { plural } from './plural.ts'

/** Tells on stderr how far the tour has come: in place on a terminal, in one line elsewhere. */
export function showProgress(total: number, url: string): { update(arrived: number): void; end(): void } {
  const { stderr } = process
  // The blank at its end keeps the address apart from the cursor, and says to programs that it is whole.
  const text = (arrived: number): string => `${arrived} of ${plural(total, 'stream')} received on ${url} `
  if (!stderr.isTTY) {
    stderr.write(`Reading ${plural(total, 'stream')}; telemetry arrives on ${url}\n`)
    return { update: () => {}, end: () => {} }
  }
  stderr.write(text(0))
  return {
    update: (arrived) => void stderr.write(`\r${text(arrived)}`),
    // Blanks clear a line on every terminal.
    end: () => void stderr.write(`\r${' '.repeat(text(total).length)}\r`),
  }
}
