import type { Browser, Page } from 'playwright-core'

import type { Receiver } from '../../src/index.ts'
import type { WatchedPage } from './watched-page.ts'

import { afterAll, beforeAll, describe } from '@jest/globals'
import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { listStreams, startReceiver } from '../../src/index.ts'
import { findChromium } from './find-chromium.ts'
import { launchChromium, openPage } from './watched-page.ts'

/** Where screenshots go, for people to look at. */
const SCREENSHOTS = join(import.meta.dirname, '../../../../.cache/screenshots')

export const PHONE = { width: 390, height: 844 }

export type PageOptions = NonNullable<Parameters<typeof openPage>[2]>

/** A viewer with telemetry in it, and a browser to look at it with. */
export interface PageFixture {
  readonly browser: Browser
  readonly receiver: Receiver
  /** Opens a page, and closes it after use. */
  readonly withPage: (use: (page: Page, watched: WatchedPage) => Promise<void>, options?: PageOptions) => Promise<void>
  /** Address of the newest stream of a model. */
  readonly pathOf: (model: string) => string
}

const chromium = findChromium()

/** Tests that need Chromium. What they get is there once they run. */
export function describePage(
  title: string,
  fill: (receiver: Receiver) => Promise<void> | void,
  tests: (fixture: PageFixture) => void,
): void {
  const suite = chromium === undefined ? describe.skip : describe
  suite(title, () => {
    let browser: Browser
    let receiver: Receiver

    beforeAll(async () => {
      mkdirSync(SCREENSHOTS, { recursive: true })
      const launched = launchChromium(chromium ?? '')
      receiver = await startReceiver({ port: 0, grafanaUrl: 'http://grafana.example' })
      await fill(receiver)
      browser = await launched
    })

    afterAll(async () => {
      await browser.close()
      await receiver.close()
    })

    tests({
      get browser() {
        return browser
      },
      get receiver() {
        return receiver
      },
      async withPage(use, options) {
        const watched = await openPage(browser, receiver.url, options)
        try {
          await use(watched.page, watched)
        } finally {
          await watched.page.context().close()
        }
      },
      pathOf(model) {
        const stream = listStreams(receiver.store).findLast((one) => one.model === model)
        return `/streams/${stream?.traceId ?? ''}/${stream?.spanId ?? ''}`
      },
    })
  })
}

/** Opens a view, and waits until it shows what it is about. */
export async function goTo(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor({ state: 'attached' })
}

export async function screenshot(page: Page, name: string, options: { readonly fullPage?: boolean } = {}) {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), ...options })
}

/** What axe finds that would keep somebody from using the page. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const findings = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`,
    )
  })
  return findings.filter((finding) => /^(serious|critical) /.test(finding))
}
