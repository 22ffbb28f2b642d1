import type { Browser, Page } from 'playwright-core'

import type { Receiver } from '../../src/index.ts'

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { startReceiver } from '../../src/index.ts'
import { adviseOn } from '../../src/settings/index.ts'
import { findChromium } from './find-chromium.ts'
import { launchChromium, openPage } from './watched-page.ts'

jest.setTimeout(60_000)

const chromium = findChromium()
const describePage = chromium === undefined ? describe.skip : describe

/** For people to look at. */
const SCREENSHOTS = join(import.meta.dirname, '../../../../.cache/screenshots')

const NGINX = adviseOn('buffered', 'nginx').products[0]?.settings[0]?.snippet ?? ''

describePage('the settings on the page', () => {
  let browser: Browser
  let receiver: Receiver

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true })
    receiver = await startReceiver({ port: 0 })
    browser = await launchChromium(chromium ?? '')
  })

  afterAll(async () => {
    await browser.close()
    await receiver.close()
  })

  async function withExplained(
    name: string,
    use: (entry: ReturnType<Page['locator']>, page: Page) => Promise<void>,
    options: Parameters<typeof openPage>[2] = {},
  ): Promise<void> {
    const { page, complaints, outside } = await openPage(browser, receiver.url, options)
    await page.goto(`/explain/${name}`)
    const entry = page.locator(`#${name}`)
    await entry.getByText('Settings to copy').click()
    await use(entry, page)
    expect({ complaints, outside }).toEqual({ complaints: [], outside: [] })
    await page.context().close()
  }

  it('a snippet is copied to the letter', async () => {
    await withExplained('buffered', async (entry, page) => {
      await entry.getByRole('tab', { name: 'nginx' }).click()
      await entry.getByRole('button', { name: 'Copy' }).first().click()
      await entry.getByText('Copied').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${NGINX}\n`)
    })
  })

  it('the arrows go from product to product, and the choice holds for the next entry', async () => {
    await withExplained('buffered', async (entry, page) => {
      const selected = (of: typeof entry): Promise<string> => of.getByRole('tab', { selected: true }).innerText()
      await entry.getByRole('tab', { selected: true }).focus()
      const first = await selected(entry)
      await page.keyboard.press('ArrowRight')
      const second = await selected(entry)
      expect(second).not.toBe(first)
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(second)
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      expect(await selected(entry)).toBe(await entry.getByRole('tab').last().innerText())
      await entry.getByRole('tab', { name: 'Varnish' }).click()
      const other = page.locator('#http_status')
      await other.getByText('Settings to copy').click()
      await other.getByRole('tab').first().waitFor()
      expect(await selected(other)).toBe('Varnish')
    })
  })

  it('says where they come from, and whether they were run', async () => {
    await withExplained('missing_terminator', async (entry) => {
      await entry.getByRole('tab', { name: 'Envoy' }).click()
      expect(await entry.getByRole('tabpanel').innerText()).toMatch(/documentation · not run by us/)
      await entry.getByRole('tab', { name: 'HAProxy' }).click()
      expect(await entry.getByRole('tabpanel').innerText()).toMatch(/documentation · run: it broke before/)
      expect(await entry.getByRole('link', { name: 'documentation' }).getAttribute('href')).toMatch(/^https:/)
    })
  })

  it('a cause has them as well', async () => {
    const { page, complaints, outside } = await openPage(browser, receiver.url)
    await page.goto('/explain')
    const causes = page.getByRole('region', { name: 'Causes' })
    const cause = causes.locator('dd', { has: page.getByText('A proxy gave up waiting for the next byte.') })
    await cause.getByText('Settings to copy').click()
    await cause.getByRole('tab', { name: 'HAProxy' }).click()
    expect(await cause.getByRole('tabpanel').innerText()).toContain('timeout server 10m')
    await causes.screenshot({ path: join(SCREENSHOTS, 'settings-causes.png') })
    expect({ complaints, outside }).toEqual({ complaints: [], outside: [] })
    await page.context().close()
  })

  it('says why where none helps', async () => {
    await withExplained('bom', async (entry) => {
      await entry.getByText('The server writes a byte order mark').waitFor()
      expect(await entry.getByRole('tab').count()).toBe(0)
    })
  })

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 } }],
  ] as const)('have no serious finding of axe, and fit (%s)', async (name, options) => {
    await withExplained(
      'buffered',
      async (entry, page) => {
        await entry.getByRole('tab', { name: 'AWS API Gateway' }).click()
        await entry.screenshot({ path: join(SCREENSHOTS, `settings-${name}.png`) })
        await page.evaluate(axe.source)
        const findings = await page.evaluate(async () => {
          const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
          return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''}`)
        })
        expect(findings.filter((finding) => /^(serious|critical) /.test(finding))).toEqual([])
        const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement)
        expect(scrollWidth).toBe(clientWidth)
      },
      options,
    )
  })
})
