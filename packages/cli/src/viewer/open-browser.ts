import { spawn } from 'node:child_process'

/** The program that opens an address in the browser of whoever sits at the machine. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Opens an address, or says that it can't: the page is there either way. */
export function openBrowser(url: string): void {
  const [program = '', ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.once('error', () => process.stderr.write(`No browser could be opened (${program}): go to ${url}\n`))
  child.unref()
}
