import type { Page } from 'playwright-core'

import { expect, it, jest } from '@jest/globals'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'

import { streamSpan, sumPoint } from '../records.ts'
import { describePage, goTo, screenshot } from './page-fixture.ts'

jest.setTimeout(60_000)

/** When the first stream began. */
const START_MS = Date.UTC(2026, 0, 2, 3, 4, 0)

const nanos = (second: number): bigint => BigInt(START_MS + second * 1000) * 1_000_000n

/** One stream in each second of a minute: those of the second half break, and are of another model. */
const SPANS = Array.from({ length: 60 }, (_, second) =>
  streamSpan(
    second + 1,
    {
      [ATTR.OUTCOME]: second < 30 ? 'completed' : 'broken',
      [GEN_AI.REQUEST_MODEL]: second < 30 ? 'gpt-good' : 'gpt-bad',
      [GEN_AI.SERVER_ADDRESS]: 'api.example',
      ...(second < 30 ? {} : { [GEN_AI.ERROR_TYPE]: 'truncated_event', [ATTR.CAUSE]: 'provider_truncation' }),
      [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 0.2,
    },
    { startNanos: nanos(second), endNanos: nanos(second + 1) },
  ),
)

const counter = (metric: string, model: string, value: number) => {
  const own = metric === METRIC.ENDED ? { [ATTR.OUTCOME]: 'completed' } : { [GEN_AI.ERROR_TYPE]: 'truncated_event' }
  const attributes = { [GEN_AI.REQUEST_MODEL]: model, [GEN_AI.SERVER_ADDRESS]: 'api.example', ...own }
  return sumPoint(metric, value, { attributes, timeNanos: nanos(model === 'gpt-bad' ? 60 : 30) })
}

describePage(
  'the overview',
  ({ store }) => {
    store.ingest({ signal: 'traces', records: SPANS })
    store.ingest({
      signal: 'metrics',
      records: [
        counter(METRIC.ENDED, 'gpt-good', 3000),
        counter(METRIC.ENDED, 'gpt-bad', 1000),
        counter(METRIC.PARSE_ERRORS, 'gpt-bad', 8),
      ],
    })
  },
  ({ withPage }) => {
    const bars = (page: Page) => page.getByRole('listbox', { name: 'Streams over time: choose a part' })
    const tile = (page: Page, name: string) => page.locator('.tiles > div', { hasText: name })

    it('says how streams fare: outcomes, faults, times, models and hosts', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        await expect(tile(page, 'broken').innerText()).resolves.toMatch(/50 %/)
        await expect(tile(page, 'first chunk').innerText()).resolves.toMatch(/2\d\d ms/)
        await expect(page.getByRole('region', { name: 'Why streams broke' }).innerText()).resolves.toMatch(
          /truncated_event\s+provider_truncation\s+30/,
        )
        await expect(page.getByRole('region', { name: 'Models' }).innerText()).resolves.toMatch(
          /gpt-bad\s+30\s+100 %\s+0\.8 %/,
        )
        await expect(page.getByRole('region', { name: 'Hosts' }).innerText()).resolves.toMatch(
          /api\.example\s+60\s+50 %\s+0\.2 %/,
        )
      })
    })

    it('holds the parse-error rate against its objective, over time', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        await expect(tile(page, 'parse-error rate').innerText()).resolves.toMatch(/0\.2 %\s+objective 0\.1 %/)
        const chart = page.getByRole('region', { name: 'Parse-error rate' })
        await expect(chart.innerText()).resolves.toContain(
          '8 errors in 4,000 streams, 2.0 times what the objective allows',
        )
        expect(await chart.locator('.above').count()).toBe(2) // the bar and the key
        expect(await chart.locator('.below').count()).toBe(2)
      })
    })

    it('shows the part of the time that the mouse is drawn over, and all of it again after Back', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        const box = await bars(page).boundingBox()
        const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 }
        await page.mouse.move(x + width * 0.52, y + height / 2)
        await page.mouse.down()
        await page.mouse.move(x + width * 0.9, y + height / 2, { steps: 4 })
        await page.getByText(/: 2\d streams, 2\d broken\./).waitFor()
        await screenshot(page, 'overview-choosing')
        await page.mouse.up()
        await page
          .getByRole('option', { name: /broken 1/ })
          .first()
          .waitFor()
        const { searchParams } = new URL(page.url())
        const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))]
        expect({ from, to }).toEqual({
          from: expect.closeTo(START_MS + 31_000, -4),
          to: expect.closeTo(START_MS + 54_000, -4),
        })
        await tile(page, 'broken').filter({ hasText: '100 %' }).waitFor()
        await page.getByRole('link', { name: 'truncated_event' }).click()
        await page.getByRole('button', { name: /^from .* to .*✕$/ }).waitFor()
        await page
          .getByRole('status')
          .filter({ hasText: `${(to - from) / 1000} streams` })
          .waitFor()
        await page.goBack()
        await page.goBack()
        await tile(page, 'broken').filter({ hasText: '50 %' }).waitFor()
      })
    })

    it('shows the part of the time that the keyboard chooses', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        await bars(page).focus()
        await page.keyboard.press('End')
        await page.keyboard.press('Shift+ArrowLeft')
        await page.keyboard.press('Shift+ArrowLeft')
        await page.getByText(/: 3 streams, 3 broken\./).waitFor()
        expect(await bars(page).getByRole('option', { selected: true }).count()).toBe(3)
        await page.keyboard.press('Enter')
        await tile(page, 'streams')
          .filter({ hasText: /streams\s*3/ })
          .waitFor()
        expect(new URL(page.url()).search).toBe(`?from=${START_MS + 57_000}&to=${START_MS + 60_000}`)
      })
    })

    it('forgets a part that was not meant', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        await bars(page).focus()
        await page.keyboard.press('Home')
        await page.keyboard.press('Shift+End')
        await page.getByText(': 60 streams, 30 broken.').waitFor()
        await page.keyboard.press('Escape')
        await page.getByText(/^Drag over the bars/).waitFor()
        expect(new URL(page.url()).search).toBe('')
      })
    })

    it('is narrowed by model, host and service, as the address says too', async () => {
      await withPage(async (page) => {
        await goTo(page, '/?host=api.example', 'Overview')
        await page.getByLabel('model', { exact: true }).selectOption('gpt-good')
        await tile(page, 'broken').filter({ hasText: '0 %' }).waitFor()
        await tile(page, 'parse-error rate')
          .filter({ hasText: /^parse-error rate\s*0 %/ })
          .waitFor()
        expect(new URL(page.url()).search).toBe('?model=gpt-good&host=api.example')
        await page.getByRole('region', { name: 'How streams ended' }).getByRole('link', { name: 'completed' }).click()
        await page.getByRole('status').filter({ hasText: '30 streams' }).waitFor()
        expect(new URL(page.url()).search).toBe('?model=gpt-good&host=api.example&outcome=completed')
        await page.goBack()
        await page.getByRole('button', { name: 'Clear' }).click()
        await tile(page, 'broken').filter({ hasText: '50 %' }).waitFor()
      })
    })

    it('says so where a part of the time has no streams', async () => {
      await withPage(async (page) => {
        await goTo(page, '/?from=1&to=2', 'Overview')
        await page.getByText('No stream meets these filters.').waitFor()
        expect(await bars(page).count()).toBe(0)
      })
    })
  },
)
