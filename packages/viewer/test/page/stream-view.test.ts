import { expect, it, jest } from '@jest/globals'
import { readFileSync } from 'node:fs'

import { describePage, goTo } from './page-fixture.ts'
import { readStreams } from './read-streams.ts'

jest.setTimeout(60_000)

const CUT = 'fault:cut_inside_event'

describePage(
  'a stream on the page',
  (receiver) => readStreams(receiver, [CUT, 'fault:upstream_error', 'fault:http_502', 'healthy:plain']),
  ({ withPage, pathOf }) => {
    it('begins with what happened, how sure that is, and what to do', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf(CUT), CUT)
        const text = await page.getByRole('region', { name: 'Verdict' }).innerText()
        expect(text).toMatch(/^truncated_event\s+The body ended in order in the middle of an event\./)
        expect(text).toMatch(/It stopped after 3 events \(\d+ B\)/)
        expect(text).toMatch(/guess/)
        expect(text).toMatch(/Evidence: the next hop ended the body in order/)
        expect(text).toMatch(/What to do\s+Treat the answer as cut and retry;/)
      })
    })

    it('marks its chunk where it broke, as text and as bytes', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf(CUT), CUT)
        await expect(page.getByLabel('The chunk as text').innerText()).resolves.toMatch(
          /"model":"fault:cut_inside_e\s*▲ it broke here\s*$/,
        )
        await page.getByRole('button', { name: 'hex' }).click()
        const hex = await page.getByLabel('The chunk as bytes').innerText()
        expect(hex).toMatch(/^0000 {2}64 61 74 61 3a 20 7b 22 {2}/)
        expect(hex).toMatch(/▲ it broke here, after byte 134/)
      })
    })

    it('has its time in lanes, and each read in a table', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf('healthy:plain'), 'healthy:plain')
        const timeline = page.getByRole('region', { name: 'Timeline' })
        const label = (await timeline.getByRole('img').getAttribute('aria-label')) ?? ''
        const [, reads = ''] = /^(\d+) reads? over [\d.]+ m?s; the table below has each$/.exec(label) ?? []
        await timeline.getByText(/^Table of \d+ reads?$/).click()
        expect(await timeline.getByRole('row').count()).toBe(Number(reads) + 1)
      })
    })

    it('has its time drawn too where no byte of an answer came', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf('fault:http_502'), 'fault:http_502')
        const timeline = page.getByRole('region', { name: 'Timeline' })
        await expect(timeline.getByRole('img').getAttribute('aria-label')).resolves.toMatch(/^0 reads over /)
        await expect(timeline.innerText()).resolves.toContain('until the first read')
      })
    })

    it('becomes a ticket with what whoever runs the server has to know', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf(CUT), CUT)
        await page.getByRole('button', { name: 'Copy as ticket' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        const ticket = await page.evaluate(() => navigator.clipboard.readText())
        expect(ticket).toMatch(/^## truncated\\_event: fault:cut\\_inside\\_event at 127\.0\.0\.1\n/)
        expect(ticket).toContain('**To do**: Treat the answer as cut and retry;')
        expect(ticket).toMatch(/```text\ndata: \{"id".*▲\n```/s)
      })
    })

    it('says so where the browser lets nothing onto the clipboard', async () => {
      await withPage(
        async (page) => {
          await goTo(page, pathOf(CUT), CUT)
          await page.evaluate(() => {
            navigator.clipboard.writeText = () => Promise.reject(new Error('no'))
          })
          await page.getByRole('button', { name: 'Copy as ticket' }).click()
          const refused = page.getByRole('button', { name: 'The browser refused' })
          await refused.waitFor()
          expect(await refused.count()).toBe(1)
        },
        { permissions: [] },
      )
    })

    it('has its chunk saved as it was recorded', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf(CUT), CUT)
        const saving = page.waitForEvent('download')
        await page.getByRole('link', { name: 'Download .sse' }).click()
        const download = await saving
        expect(download.suggestedFilename()).toMatch(/^stream-[\da-f]{16}\.sse$/)
        expect(readFileSync(await download.path(), 'utf8')).toMatch(/^data: \{"id":".*"fault:cut_inside_e$/s)
      })
    })

    it('leads to its trace in Grafana, in a page of its own that learns nothing of this one', async () => {
      await withPage(async (page) => {
        await goTo(page, pathOf(CUT), CUT)
        const link = page.getByRole('link', { name: 'Trace in Grafana' })
        const url = new URL((await link.getAttribute('href')) ?? '')
        expect(url.origin + url.pathname).toBe('http://grafana.example/explore')
        expect(url.searchParams.get('panes')).toContain(pathOf(CUT).split('/')[2])
        expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual(['_blank', 'noreferrer'])
      })
    })
  },
)
