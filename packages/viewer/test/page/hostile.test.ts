import type { Page } from 'playwright-core'

import { expect, it, jest } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { readFileSync } from 'node:fs'

import { sumPoint, streamSpan, hexId } from '../records.ts'
import { HOSTILE, HOSTILE_PATH, hostileSpans, TRICKS } from './hostile-stream.ts'
import { describePage, goTo, screenshot } from './page-fixture.ts'

jest.setTimeout(60_000)

/** An attribute as large as a request may be half of. */
const LARGE = HOSTILE.repeat(Math.ceil(10_000_000 / HOSTILE.length))

const LARGE_ID = 0xb16

/** Bytes that are no UTF-8, and markup. */
const BYTES = Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00]), Buffer.from(`data: ${HOSTILE}`)])

const BYTES_ID = 0xb17

/** Those of the tricks that must not be in what is shown: the letters among them may. */
const FORBIDDEN = [...TRICKS].filter((character) => !/[\w.[]/.test(character))

const pathOfId = (id: number): string => `/streams/${hexId(id, 32)}/${hexId(id, 16)}`

describePage(
  'a hostile stream',
  (receiver) => {
    const startNanos = BigInt(Date.now()) * 1_000_000n
    const times = { startNanos, endNanos: startNanos + 5_000_000n }
    const large = {
      [ATTR.OUTCOME]: 'broken',
      [GEN_AI.REQUEST_MODEL]: LARGE,
      [ATTR.CHUNK_RAW]: LARGE,
      [ATTR.REMEDY]: LARGE,
    }
    const bytes = {
      [ATTR.OUTCOME]: 'broken',
      [GEN_AI.ERROR_TYPE]: 'malformed_event',
      [ATTR.CHUNK_RAW]: BYTES.toString('base64'),
      [ATTR.CHUNK_ENCODING]: 'base64',
      [ATTR.CHUNK_BREAK]: 2,
    }
    receiver.store.ingest({
      signal: 'traces',
      records: [...hostileSpans(Date.now()), streamSpan(LARGE_ID, large, times), streamSpan(BYTES_ID, bytes, times)],
    })
    const attributes = { [GEN_AI.REQUEST_MODEL]: HOSTILE, [GEN_AI.SERVER_ADDRESS]: HOSTILE, [ATTR.OUTCOME]: 'broken' }
    receiver.store.ingest({
      signal: 'metrics',
      records: ['streamgauge.stream.ended', 'streamgauge.stream.parse_errors'].map((name) =>
        sumPoint(name, 3, { attributes, timeNanos: startNanos }),
      ),
    })
  },
  ({ withPage }) => {
    it.each([
      ['overview', '/'],
      ['streams', '/streams'],
      ['found', `/streams?text=${encodeURIComponent('<script>')}&since=1&until=9000000000000`],
      ['stream', HOSTILE_PATH],
      ['large', pathOfId(LARGE_ID)],
    ])('runs nothing and turns nothing around on the view %s', async (name, path) => {
      await withPage(async (page, { complaints, outside }) => {
        await page.goto(path)
        await page.locator('main bdi', { hasText: '<script>window.pwned=1' }).first().waitFor()
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
        const text = await shownTexts(page)
        expect(FORBIDDEN.filter((character) => text.includes(character))).toEqual([])
        expect(await page.evaluate(() => document.body.innerText)).toContain('\\u{202e}')
        expect(await traces(page)).toEqual({ pwned: false, elements: 0 })
        expect({ complaints, outside }).toEqual({ complaints: [], outside: [] })
        await screenshot(page, `hostile-${name}`)
      })
    })

    it('that an address asks for is shown as text, where nothing has it', async () => {
      await withPage(async (page, { complaints, outside }) => {
        await page.goto(`/?${new URLSearchParams({ model: HOSTILE, host: HOSTILE, range: '<script>' }).toString()}`)
        await page.getByText('No stream meets these filters.').waitFor()
        expect(await traces(page)).toEqual({ pwned: false, elements: 0 })
        expect({ complaints, outside }).toEqual({ complaints: [], outside: [] })
      })
    })

    it('asked for by the catalogue’s address is no entry, and no page where it is no name', async () => {
      await withPage(async (page) => {
        await goTo(page, '/explain/__proto__', 'What each name means')
        expect(await page.locator('.chosen').count()).toBe(0)
        const refused = await page.goto(`/explain/${encodeURIComponent('<script>window.pwned=1</script>')}`)
        expect(refused?.status()).toBe(404)
        expect(await traces(page)).toEqual({ pwned: false, elements: 0 })
      })
    })

    it('of bytes that are no text is shown as bytes, with the mark on the one where it broke', async () => {
      await withPage(async (page, { complaints }) => {
        await goTo(page, pathOfId(BYTES_ID), 'chat gpt-x')
        const hex = page.getByLabel('The chunk as bytes')
        await expect(hex.innerText()).resolves.toMatch(/^0000 {2}ff fe c3 28 00 64 61 74 {2}/)
        await expect(hex.locator('.broke').first().innerText()).resolves.toBe('c3')
        await page.getByRole('button', { name: 'text', exact: true }).click()
        const text = await page.getByLabel('The chunk as text').innerText()
        expect(FORBIDDEN.filter((character) => text.includes(character))).toEqual([])
        expect(text).toMatch(/^��/)
        const saving = page.waitForEvent('download')
        await page.getByRole('link', { name: 'Download .sse' }).click()
        expect(readFileSync(await (await saving).path()).equals(BYTES)).toBe(true)
        expect(complaints).toEqual([])
      })
    })

    it.each([
      ['as it is', HOSTILE_PATH],
      ['of 10 MB', pathOfId(LARGE_ID)],
    ])('%s is escaped in its ticket, and no larger than a ticket is', async (_, path) => {
      await withPage(async (page) => {
        await page.goto(path)
        await page.getByRole('button', { name: 'Copy as ticket' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        const ticket = await page.evaluate(() => navigator.clipboard.readText())
        expect(FORBIDDEN.filter((character) => ticket.includes(character))).toEqual([])
        expect(ticket.replaceAll(/(`+)[^]*?\1/g, '')).not.toMatch(/(?<!\\)<(script|img|svg)/)
        expect(ticket.length).toBeLessThan(20_000)
      })
    })

    it('is saved under a name of ours, whatever it says', async () => {
      await withPage(async (page) => {
        await page.goto(HOSTILE_PATH)
        const saving = page.waitForEvent('download')
        await page.getByRole('link', { name: 'Download .sse' }).click()
        expect((await saving).suggestedFilename()).toMatch(/^stream-[\da-f]{16}\.sse$/)
        expect(await traces(page)).toEqual({ pwned: false, elements: 0 })
      })
    })
  },
)

/** What markup would have left behind, had it been taken for such. */
function traces(page: Page): Promise<{ readonly pwned: boolean; readonly elements: number }> {
  return page.evaluate(() => ({
    pwned: 'pwned' in window,
    elements: document.querySelectorAll('#page script, #page img, [onerror], [onload]').length,
  }))
}

/** Everything that is shown or read out. What an option stands for is neither. */
function shownTexts(page: Page): Promise<string> {
  return page.evaluate(() => {
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      ['title', 'aria-label', 'placeholder', 'class', 'style'].map((name) => element.getAttribute(name) ?? ''),
    )
    return [document.documentElement.textContent, ...attributes].join('\n')
  })
}
