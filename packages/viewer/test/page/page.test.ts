import { describe, expect, it, jest } from '@jest/globals'

import { describePage, goTo, PHONE, screenshot, seriousFindings } from './page-fixture.ts'
import { readStreams } from './read-streams.ts'

jest.setTimeout(60_000)

const MODELS = ['healthy:plain', 'fault:cut_inside_event', 'fault:html_page', 'fault:no_done', 'fault:invalid_utf8']

describePage(
  'each view of the page',
  (receiver) => readStreams(receiver, MODELS),
  ({ withPage, pathOf }) => {
    const VIEWS: readonly (readonly [string, () => string, string])[] = [
      ['overview', () => '/', 'Overview'],
      ['streams', () => '/streams', 'Streams'],
      ['broken', () => pathOf('fault:cut_inside_event'), 'fault:cut_inside_event'],
      ['healthy', () => pathOf('healthy:plain'), 'healthy:plain'],
      ['odd', () => pathOf('fault:invalid_utf8'), 'fault:invalid_utf8'],
      ['explain', () => '/explain', 'What each name means'],
      ['missing', () => `/streams/${'0'.repeat(32)}/${'0'.repeat(16)}`, 'This stream is not here'],
    ]

    describe.each(VIEWS)('%s', (name, path, heading) => {
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
            await screenshot(page, `${name}-${colorScheme}`, { fullPage: name !== 'streams' })
            expect(await seriousFindings(page)).toEqual([])
          },
          { colorScheme },
        )
      })

      it('needs no scrolling sideways on a phone, and has no serious finding there either', async () => {
        await withPage(
          async (page) => {
            await goTo(page, path(), heading)
            await screenshot(page, `${name}-phone`, { fullPage: name !== 'streams' })
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
            expect(await seriousFindings(page)).toEqual([])
          },
          { viewport: PHONE },
        )
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

    it.each([
      ['moves by itself, where the system has nothing against it', 'no-preference', 1],
      ['does not move, where the system asks for that', 'reduce', 0],
    ] as const)('the sign of life %s', async (_, reducedMotion, animations) => {
      await withPage(
        async (page) => {
          await goTo(page, '/', 'Overview')
          await page.getByText('Live', { exact: true }).waitFor()
          expect(await page.evaluate(() => document.getAnimations().length)).toBe(animations)
        },
        { reducedMotion },
      )
    })

    it('back and forward lead through the views, and to the filters that were set', async () => {
      await withPage(async (page) => {
        await goTo(page, '/', 'Overview')
        await page.getByRole('link', { name: 'truncated_event', exact: true }).click()
        await page.getByRole('status').filter({ hasText: '1 stream' }).waitFor()
        await page.getByRole('link', { name: 'fault:cut_inside_event' }).click()
        await page.getByRole('link', { name: 'Explain truncated_event' }).click()
        await page.getByRole('heading', { name: 'What each name means' }).waitFor()
        const places = [new URL(page.url()).pathname]
        for (const heading of ['fault:cut_inside_event', 'Streams', 'Overview']) {
          await page.goBack()
          await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor({ state: 'attached' })
          places.push(new URL(page.url()).pathname + new URL(page.url()).search)
        }
        const [explain, stream, list, overview] = places
        expect({ explain, stream, list, overview }).toEqual({
          explain: '/explain/truncated_event',
          stream: pathOf('fault:cut_inside_event'),
          list: '/streams?fault=truncated_event&cause=provider_truncation',
          overview: '/',
        })
        await page.goForward()
        await expect(page.getByLabel('fault', { exact: true }).inputValue()).resolves.toBe('truncated_event')
      })
    })

    it('each entry of the catalogue has its picture, a name for those who do not see it, and what to do', async () => {
      await withPage(async (page) => {
        await goTo(page, '/explain/malformed_event', 'What each name means')
        const entry = page.locator('#malformed_event')
        await expect(entry.getByRole('img').getAttribute('aria-label')).resolves.toBe(
          'On the wire: the headers; an event; an event whose data is no JSON; an event; the terminator; ' +
            'the body ends in order (end).',
        )
        await expect(entry.innerText()).resolves.toMatch(/proxy_split\s+A hop cut or merged events on their way\./)
        // What the address asks for is in sight.
        await expect(entry.boundingBox()).resolves.toMatchObject({ y: expect.closeTo(12, -1) })
        const [articles, pictures] = [page.getByRole('article'), page.getByRole('article').getByRole('img')]
        expect(await articles.count()).toBeGreaterThan(20)
        expect(await pictures.count()).toBe(await articles.count())
        await page.getByLabel('Search the catalogue').fill('GOAWAY-nothing')
        await articles.first().waitFor({ state: 'detached' })
        await page.getByLabel('Search the catalogue').fill('blank line')
        await articles.first().waitFor()
        expect(await articles.count()).toBeLessThan(6)
      })
    })
  },
)
