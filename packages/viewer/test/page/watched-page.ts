import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { chromium } from 'playwright-core'

/** A page, and everything that a browser had to object to. */
export interface WatchedPage {
  readonly page: Page
  /** Errors in the console or the scripts, what the content security policy stopped, requests that failed. */
  readonly complaints: readonly string[]
  /** Addresses of other servers that were asked for. */
  readonly outside: readonly string[]
}

export function launchChromium(executablePath: string): Promise<Browser> {
  // As root, which it is in most containers, Chromium runs without its sandbox only.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
}

/** Opens an empty page that is watched from its first request on. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: url,
    permissions: ['clipboard-read', 'clipboard-write'],
    // Whatever moves or fades is at its end.
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const outside: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) outside.push(request.url())
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`stopped by ${violatedDirective}: ${blockedURI}`)
    })
  })
  return { page, complaints, outside }
}
