/** Tells on stderr, where that is a terminal, which request is under way. */
export function showRequests(total: number): { readonly next: (title: string) => void; readonly end: () => void } {
  const { stderr } = process
  if (!stderr.isTTY) return { next: () => {}, end: () => {} }
  let sent = 0
  let shown = 0
  // Blanks clear a line on every terminal.
  const clear = (): void => void stderr.write(`\r${' '.repeat(shown)}\r`)
  return {
    next: (title) => {
      clear()
      sent++
      const text = `Request ${sent} of ${total}: ${title} … `
      shown = text.length
      stderr.write(text)
    },
    end: clear,
  }
}
