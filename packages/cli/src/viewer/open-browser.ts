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
  const refuse = (): void => void process.stderr.write(`No browser could be opened (${program}): go to ${url}\n`)
  child.once('error', refuse).once('exit', (exitCode) => {
    if (exitCode !== null && exitCode !== 0) refuse()
  })
  child.unref()
}
