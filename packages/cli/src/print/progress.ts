/** Tells on stderr how far the tour has come: in place on a terminal, in one line elsewhere. */
export function showProgress(total: number, url: string): { update(arrived: number): void; end(): void } {
  const { stderr } = process
  const text = (arrived: number): string => `${arrived} of ${total} streams received on ${url}`
  if (!stderr.isTTY) {
    stderr.write(`Reading ${total} streams; telemetry arrives on ${url}\n`)
    return { update: () => {}, end: () => {} }
  }
  stderr.write(text(0))
  return {
    update: (arrived) => void stderr.write(`\r${text(arrived)}`),
    end: () => void stderr.write('\r\u001b[K'),
  }
}
