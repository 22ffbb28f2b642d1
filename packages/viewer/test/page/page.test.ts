import type { Browser, Page } from 'playwright-core'

import type { Receiver } from '../../src/index.ts'
import type { WatchedPage } from './watched-page.ts'

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { listStreams, startReceiver } from '../../src/index.ts'
import { streamSpan } from '../records.ts'
import { findChromium } from './find-chromium.ts'
import { HOSTILE_PATH, hostileSpans, TRICKS } from './hostile-stream.ts'
import { readStreams } from './read-streams.ts'
import { launchChromium, openPage } from './watched-page.ts'

jest.setTimeout(60_000)

const chromium = findChromium()
const describePage = chromium === undefined ? describe.skip : describe

/** For people to look at. */
const SCREENSHOTS = join(import.meta.dirname, '../../../../.cache/screenshots')

const MODELS = ['healthy:plain', 'fault:cut_inside_event', 'fault:html_page', 'fault:no_done', 'fault:invalid_utf8']

const PHONE = { width: 390, height: 844 }

describePage('the page in Chromium', () => {
  let browser: Browser
  let receiver: Receiver

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true })
    receiver = await startReceiver({ port: 0 })
    const launched = launchChromium(chromium ?? '')
    await readStreams(receiver, MODELS)
    receiver.store.ingest({ signal: 'traces', records: hostileSpans(Date.now()) })
    browser = await launched
  })

  afterAll(async () => {
    await browser.close()
    await receiver.close()
  })

  function pathOf(model: string): string {
    const stream = listStreams(receiver.store).find((one) => one.model === model)
    return `/streams/${stream?.traceId ?? ''}/${stream?.spanId ?? ''}`
  }

  async function withPage(
    use: (page: Page, watched: WatchedPage) => Promise<void>,
    options: Parameters<typeof openPage>[2] = {},
  ): Promise<void> {
    const watched = await openPage(browser, receiver.url, options)
    try {
      await use(watched.page, watched)
    } finally {
      await watched.page.context().close()
    }
  }

  const VIEWS: readonly (readonly [string, () => string, string])[] = [
    ['overview', () => '/', 'Overview'],
    ['streams', () => '/streams', 'Streams'],
    ['broken', () => pathOf('fault:cut_inside_event'), 'fault:cut_inside_event'],
    ['healthy', () => pathOf('healthy:plain'), 'healthy:plain'],
    ['explain', () => '/explain', 'What each name means'],
    ['missing', () => `/streams/${'0'.repeat(32)}/${'0'.repeat(16)}`, 'This stream is not here'],
  ]

  async function goTo(page: Page, path: string, heading: string): Promise<void> {
    await page.goto(path)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor({ state: 'attached' })
  }

  describe.each(VIEWS)('the view %s', (name, path, heading) => {
    it('loads without an error, and asks nobody else', async () => {
      await withPage(async (page, { complaints, outside }) => {
        await goTo(page, path(), heading)
        // The browser itself says that what is not here is not here.
        const unexpected = complaints.filter((complaint) => name !== 'missing' || !complaint.includes('404'))
        expect({ unexpected, outside }).toEqual({ unexpected: [], outside: [] })
      })
    })

    it.each(['light', 'dark'] as const)('has no serious finding of axe where it is %s', async (colorScheme) => {
      await withPage(
        async (page) => {
          await goTo(page, path(), heading)
          await page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}.png`), fullPage: name !== 'streams' })
          expect(await seriousFindings(page)).toEqual([])
        },
        { colorScheme },
      )
    })

    it('needs no scrolling sideways on a phone', async () => {
      await withPage(
        async (page) => {
          await goTo(page, path(), heading)
          await page.screenshot({ path: join(SCREENSHOTS, `${name}-phone.png`), fullPage: name !== 'streams' })
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
        },
        { viewport: PHONE },
      )
    })
  })

  it('a broken stream begins with what happened, how sure that is, and what to do', async () => {
    await withPage(async (page) => {
      await goTo(page, pathOf('fault:cut_inside_event'), 'fault:cut_inside_event')
      const verdict = page.getByRole('region', { name: 'Verdict' })
      const text = await verdict.innerText()
      expect(text).toMatch(/^truncated_event\s+The body ended in order in the middle of an event\./)
      expect(text).toMatch(/It stopped after 3 events \(\d+ B\)/)
      expect(text).toMatch(/guess/)
      expect(text).toMatch(/Evidence: the next hop ended the body in order/)
      expect(text).toMatch(/What to do\s+Treat the answer as cut and retry;/)
    })
  })

  it('a chunk is marked where it broke, as text and as bytes', async () => {
    await withPage(async (page) => {
      await goTo(page, pathOf('fault:cut_inside_event'), 'fault:cut_inside_event')
      await expect(page.getByLabel('The chunk as text').innerText()).resolves.toMatch(
        /"model":"fault:cut_inside_e\s*▲ it broke here\s*$/,
      )
      await page.getByRole('button', { name: 'hex' }).click()
      const hex = await page.getByLabel('The chunk as bytes').innerText()
      expect(hex).toMatch(/^0000 {2}64 61 74 61 3a 20 7b 22 {2}/)
      expect(hex).toMatch(/▲ it broke here, after byte 134/)
    })
  })

  it('a ticket holds what whoever runs the server has to know', async () => {
    await withPage(async (page) => {
      await goTo(page, pathOf('fault:cut_inside_event'), 'fault:cut_inside_event')
      await page.getByRole('button', { name: 'Copy as ticket' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      const ticket = await page.evaluate(() => navigator.clipboard.readText())
      expect(ticket).toMatch(/^## truncated\\_event: fault:cut\\_inside\\_event at 127\.0\.0\.1\n/)
      expect(ticket).toContain('**To do**: Treat the answer as cut and retry;')
      expect(ticket).toMatch(/```text\ndata: \{"id".*▲\n```/s)
    })
  })

  it('the recorded chunk can be saved', async () => {
    await withPage(async (page) => {
      await goTo(page, pathOf('fault:cut_inside_event'), 'fault:cut_inside_event')
      const saving = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Download .sse' }).click()
      expect((await saving).suggestedFilename()).toMatch(/^stream-[\da-f]{16}\.sse$/)
    })
  })

  describe('a hostile stream', () => {
    it.each(['/', '/streams', HOSTILE_PATH])('runs nothing and turns nothing around on %s', async (path) => {
      await withPage(async (page, { complaints, outside }) => {
        await page.goto(path)
        await page.locator('main bdi', { hasText: '<script>window.pwned=1' }).first().waitFor()
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
        const text = await shownTexts(page)
        expect([...TRICKS].filter((character) => !/[\w.[]/.test(character) && text.includes(character))).toEqual([])
        expect(await page.evaluate(() => document.body.innerText)).toContain('\\u{202e}')
        expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
        expect(await page.evaluate(() => document.querySelectorAll('#page script, #page img').length)).toBe(0)
        expect({ complaints, outside }).toEqual({ complaints: [], outside: [] })
        await page.screenshot({
          path: join(SCREENSHOTS, `hostile${path.length > 9 ? '' : path.replace('/', '-')}.png`),
        })
      })
    })

    it('is escaped in its ticket', async () => {
      await withPage(async (page) => {
        await page.goto(HOSTILE_PATH)
        await page.getByRole('button', { name: 'Copy as ticket' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        const ticket = await page.evaluate(() => navigator.clipboard.readText())
        expect([...TRICKS].filter((character) => !/[\w.[]/.test(character) && ticket.includes(character))).toEqual([])
        const outsideOfCode = ticket.replaceAll(/(`+)[^]*?\1/g, '')
        expect(outsideOfCode).not.toMatch(/(?<!\\)<(script|img|svg)/)
      })
    })
  })

  it('the keyboard alone finds a stream and opens it', async () => {
    await withPage(async (page) => {
      await goTo(page, '/streams', 'Streams')
      await page.getByRole('row', { name: /healthy:plain/ }).waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('missing_term')
      await page
        .getByRole('status')
        .filter({ hasText: /^1 stream$/ })
        .waitFor()
      expect(new URL(page.url()).search).toBe('?text=missing_term')
      for (let presses = 0; presses < 12; presses++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(() => document.activeElement?.tagName === 'A')) break
      }
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'fault:no_done' }).waitFor()
      await page.goBack()
      await expect(page.getByLabel('Search streams').inputValue()).resolves.toBe('missing_term')
    })
  })

  it('arrows go from row to row', async () => {
    await withPage(async (page) => {
      await goTo(page, '/streams?service=chat', 'Streams')
      await page.getByRole('row', { name: /healthy:plain/ }).waitFor()
      await page.getByRole('link', { name: 'fault:no_done' }).focus()
      await page.keyboard.press('ArrowDown')
      const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.textContent)
      expect(await focused()).toBe('fault:html_page')
      await page.keyboard.press('ArrowUp')
      expect(await focused()).toBe('fault:no_done')
    })
  })

  it('filters stand in the address, and count what they let through', async () => {
    await withPage(async (page) => {
      await goTo(page, '/streams?service=chat', 'Streams')
      await page.getByRole('status').filter({ hasText: '5 streams' }).waitFor()
      await page.getByLabel('outcome').selectOption('broken')
      await page.getByRole('status').filter({ hasText: '3 streams' }).waitFor()
      expect(new URL(page.url()).search).toBe('?service=chat&outcome=broken')
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByRole('status').filter({ hasText: '6 streams' }).waitFor()
    })
  })

  it('dark and light are what the system asks for', async () => {
    const backgrounds: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage(
        async (page) => {
          await goTo(page, '/', 'Overview')
          backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
        },
        { colorScheme },
      )
    }
    expect(backgrounds).toEqual(['rgb(246, 247, 249)', 'rgb(17, 20, 24)'])
  })
})

describePage('a page of its own', () => {
  let browser: Browser
  let receiver: Receiver

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
    receiver = await startReceiver({ port: 0 })
  })

  afterAll(async () => {
    await browser.close()
    await receiver.close()
  })

  it('says how to point an application here, and shows the first stream as it comes', async () => {
    const { page, complaints } = await openPage(browser, receiver.url)
    await page.goto('/')
    const lines = await page.getByRole('region', { name: 'No streams yet' }).locator('pre').innerText()
    await page.screenshot({ path: join(SCREENSHOTS, 'empty.png') })
    expect(lines.split('\n')).toEqual(
      expect.arrayContaining([
        `export OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url}`,
        'node --import @streamgauge/instrumentation-openai/register app.mjs',
      ]),
    )
    expect(await seriousFindings(page)).toEqual([])
    receiver.store.ingest({ signal: 'traces', records: [streamSpan(1)] })
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('draws few rows of a list of thousands, and has the oldest at its end', async () => {
    const { page } = await openPage(browser, receiver.url)
    const records = Array.from({ length: 3000 }, (_, i) => streamSpan(i + 10, { 'gen_ai.request.model': `m-${i}` }))
    receiver.store.ingest({ signal: 'traces', records })
    await page.goto('/streams')
    await page.getByRole('link', { name: 'm-2999' }).waitFor()
    const list = page.getByRole('table', { name: 'Streams' })
    // Each jump to the end makes the page ask for more.
    while (!(await page.getByRole('link', { name: 'm-0', exact: true }).isVisible())) {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    }
    expect(await page.getByRole('row').count()).toBeLessThan(120)
    await page.context().close()
  })
})

async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const findings = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`,
    )
  })
  return findings.filter((finding) => /^(serious|critical) /.test(finding))
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
