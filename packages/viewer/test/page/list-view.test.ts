import type { Page } from 'playwright-core'

import { expect, it, jest } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'

import { streamSpan } from '../records.ts'
import { describePage, goTo } from './page-fixture.ts'

jest.setTimeout(60_000)

const STREAMS = 3000

const RECORDS = Array.from({ length: STREAMS }, (_, i) =>
  streamSpan(i + 1, {
    [GEN_AI.REQUEST_MODEL]: `m-${i}`,
    ...(i % 100 === 0
      ? { [ATTR.OUTCOME]: 'broken', [GEN_AI.ERROR_TYPE]: 'missing_terminator', [ATTR.CAUSE]: 'provider_truncation' }
      : {}),
  }),
)

describePage(
  'the list of thousands of streams',
  ({ store }) => {
    store.ingest({ signal: 'traces', records: RECORDS })
  },
  (fixture) => {
    const { withPage } = fixture
    const list = (page: Page) => page.getByRole('table', { name: 'Streams' })
    const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })
    const counted = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })
    const focused = (page: Page): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.textContent)

    it('draws few of its rows, says how many there are, and has the oldest at its end', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams', 'Streams')
        await link(page, 'm-2999').waitFor()
        await counted(page, '3,000 streams').waitFor()
        // Each jump to the end makes the page ask for more.
        while (!(await link(page, 'm-0').isVisible())) {
          await list(page).evaluate((element) => element.scrollTo(0, element.scrollHeight))
        }
        expect(await page.getByRole('row').count()).toBeLessThan(120)
        await expect(list(page).getAttribute('aria-rowcount')).resolves.toBe(String(STREAMS + 1))
        const row = page.getByRole('row').filter({ has: link(page, 'm-0') })
        await expect(row.getAttribute('aria-rowindex')).resolves.toBe(String(STREAMS + 1))
      })
    })

    it('is gone through with the arrows, beyond what is drawn at first', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams', 'Streams')
        await link(page, 'm-2999').focus()
        for (let presses = 1; presses <= 70; presses++) await page.keyboard.press('ArrowDown')
        expect(await focused(page)).toBe('m-2929')
        await expect(link(page, 'm-2929').isVisible()).resolves.toBe(true)
        await page.keyboard.press('ArrowUp')
        expect(await focused(page)).toBe('m-2930')
        await page.keyboard.press('Home')
        expect(await focused(page)).toBe('m-2999')
        await page.keyboard.press('End')
        await page.waitForFunction(() => /^m-\d+$/.test(document.activeElement?.textContent ?? ''))
        expect(Number((await focused(page))?.slice(2))).toBeLessThan(2810)
        await page.keyboard.press('Enter')
        await page.getByRole('region', { name: 'Verdict' }).waitFor()
      })
    })

    it('is searched and opened with the keyboard alone', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams', 'Streams')
        await link(page, 'm-2999').waitFor()
        await page.keyboard.press('/')
        await page.keyboard.type('m-1234')
        await counted(page, '1 stream').waitFor()
        expect(new URL(page.url()).search).toBe('?text=m-1234')
        for (let presses = 0; presses < 12; presses++) {
          await page.keyboard.press('Tab')
          if (await page.evaluate(() => document.activeElement?.tagName === 'A')) break
        }
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { level: 1, name: 'm-1234' }).waitFor()
        await page.goBack()
        await expect(page.getByLabel('Search streams').inputValue()).resolves.toBe('m-1234')
      })
    })

    it('is narrowed by filters that stand in the address, and count what they let through', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams?text=m-', 'Streams')
        await counted(page, '3,000 streams').waitFor()
        await page.getByLabel('outcome').selectOption('broken')
        await counted(page, '30 streams').waitFor()
        await page.getByLabel('fault').selectOption('missing_terminator')
        expect(new URL(page.url()).search).toBe('?outcome=broken&text=m-&fault=missing_terminator')
        await page.getByRole('button', { name: 'Clear' }).click()
        await counted(page, '3,000 streams').waitFor()
        expect(new URL(page.url()).search).toBe('')
      })
    })

    it('says so where nothing meets the filters', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams?text=nothing-has-this', 'Streams')
        await page.getByText('No stream meets these filters.').waitFor()
        expect(await list(page).count()).toBe(0)
      })
    })

    it('stays where it is while somebody reads, and offers what is new', async () => {
      await withPage(async (page) => {
        await goTo(page, '/streams?service=later', 'Streams')
        const more = (from: number, count: number) =>
          Array.from({ length: count }, (_, i) =>
            streamSpan(from + i, { [GEN_AI.REQUEST_MODEL]: `later-${from + i}` }, { service: 'later' }),
          )
        fixture.receiver.store.ingest({ signal: 'traces', records: more(5000, 150) })
        await link(page, 'later-5149').waitFor()
        await list(page).evaluate((element) => element.scrollTo(0, 2000))
        await link(page, 'later-5070').waitFor()
        fixture.receiver.store.ingest({ signal: 'traces', records: more(6000, 1) })
        const news = page.getByRole('button', { name: 'Something new arrived: show it' })
        await news.waitFor()
        expect(await link(page, 'later-5070').count()).toBe(1)
        await news.click()
        await counted(page, '151 streams').waitFor()
      })
    })
  },
)
