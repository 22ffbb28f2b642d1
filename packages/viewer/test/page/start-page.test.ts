import type { Browser, Page, Response } from 'playwright-core'

import type { Receiver, ReceiverOptions } from '../../src/index.ts'
import type { WatchedPage } from './watched-page.ts'

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { join } from 'node:path'

import { startReceiver } from '../../src/index.ts'
import { streamSpan } from '../records.ts'
import { playedTour } from '../tour.ts'
import { findChromium } from './find-chromium.ts'
import { launchChromium, openPage } from './watched-page.ts'

jest.setTimeout(60_000)

const chromium = findChromium()
/** For people to look at. */
const SCREENSHOTS = join(import.meta.dirname, '../../../../.cache/screenshots')

const describePage = chromium === undefined ? describe.skip : describe

/** The page says that the demo plays before the viewer has heard of it. */
const heardOfIt = (page: Page): Promise<Response> =>
  page.waitForResponse((response) => response.url().endsWith('/api/tour') && response.request().method() === 'POST')

describePage('the page where no stream is yet', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(() => browser.close())

  async function withPage(
    options: ReceiverOptions,
    use: (watched: WatchedPage, receiver: Receiver) => Promise<void>,
  ): Promise<void> {
    const receiver = await startReceiver({ port: 0, ...options })
    const watched = await openPage(browser, receiver.url)
    try {
      await use(watched, receiver)
    } finally {
      await watched.page.context().close()
      await receiver.close()
    }
  }

  it.each(['/', '/streams'])('%s plays the demo by keyboard, and shows its streams as they come', async (path) => {
    const tour = playedTour()
    await withPage({ tour }, async ({ page, complaints }, receiver) => {
      await page.goto(path)
      await page.getByRole('button', { name: 'Play the demo' }).focus()
      await page.screenshot({ path: join(SCREENSHOTS, 'empty-with-demo.png') })
      const heard = heardOfIt(page)
      await page.keyboard.press('Enter')
      await heard
      const button = page.getByRole('button', { name: 'The demo plays' })
      await button.waitFor()
      expect(await button.isDisabled()).toBe(true)
      expect(tour.startedWith).toEqual([receiver.url])
      receiver.store.ingest({ signal: 'traces', records: [streamSpan(1, { 'gen_ai.request.model': 'm-1' })] })
      await page.getByRole('link', { name: 'm-1' }).waitFor()
      expect(complaints).toEqual([])
    })
  })

  it('offers no second demo beside one that plays', async () => {
    const tour = playedTour()
    await withPage({ tour }, async ({ page }, receiver) => {
      void tour.start(receiver.url)
      await page.goto('/')
      const button = page.getByRole('button', { name: 'The demo plays' })
      await button.waitFor()
      expect(await button.isDisabled()).toBe(true)
      tour.end()
      await page.getByRole('button', { name: 'Play the demo' }).waitFor()
    })
  })

  it('says why the demo failed, and offers it again', async () => {
    const tour = playedTour()
    await withPage({ tour }, async ({ page }) => {
      await page.goto('/')
      const heard = heardOfIt(page)
      await page.getByRole('button', { name: 'Play the demo' }).click()
      await heard
      tour.fail(new Error('The app <b>did</b> not start.\u001B[2J'))
      const alert = page.getByRole('alert')
      await alert.waitFor()
      expect(await alert.innerText()).toBe('The app <b>did</b> not start.\\u{1b}[2J')
      expect(await page.getByRole('button', { name: 'Play the demo' }).isEnabled()).toBe(true)
    })
  })

  it('names the command of the demo where the viewer has no tour', async () => {
    await withPage({}, async ({ page }) => {
      await page.goto('/')
      await page.getByText('npx streamgauge demo').waitFor()
      expect(await page.getByRole('button', { name: /demo/ }).count()).toBe(0)
    })
  })

  it('works from an address with the token in it', async () => {
    const tour = playedTour()
    await withPage({ token: 'a-b_c', tour }, async ({ page, complaints }, receiver) => {
      await page.goto(`${receiver.url.replace('http://', 'http://streamgauge:a-b_c@')}/`)
      await page.getByText('Live', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Play the demo' }).click()
      await page.getByRole('button', { name: 'The demo plays' }).waitFor()
      receiver.store.ingest({ signal: 'traces', records: [streamSpan(1, { 'gen_ai.request.model': 'm-1' })] })
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      await page.getByRole('link', { name: 'Streams' }).first().click()
      await page.getByRole('link', { name: 'm-1' }).click()
      await page.getByRole('heading', { level: 1, name: 'm-1' }).waitFor()
      expect(complaints).toEqual([])
    })
  })
})
