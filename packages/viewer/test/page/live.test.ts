import type { Browser } from 'playwright-core'

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

import { startReceiver } from '../../src/index.ts'
import { streamSpan } from '../records.ts'
import { findChromium } from './find-chromium.ts'
import { goTo, screenshot, seriousFindings } from './page-fixture.ts'
import { launchChromium, openPage } from './watched-page.ts'

jest.setTimeout(60_000)

const chromium = findChromium()

const named = (id: number, model: string) => streamSpan(id, { 'gen_ai.request.model': model })

;(chromium === undefined ? describe.skip : describe)('a page that follows what arrives', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
  })

  afterAll(() => browser.close())

  it('says how to point an application here, and shows the first stream as it comes', async () => {
    await using receiver = await startReceiver({ port: 0 })
    const { page, complaints } = await openPage(browser, receiver.url)
    await page.goto('/')
    const lines = await page.getByRole('region', { name: 'No streams yet' }).locator('pre').innerText()
    await screenshot(page, 'empty')
    expect(lines.split('\n')).toEqual(
      expect.arrayContaining([
        `export OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url}`,
        'node --import @streamgauge/instrumentation-openai/register app.mjs',
      ]),
    )
    await page.getByRole('button', { name: 'Copy these lines' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(lines)
    expect(await seriousFindings(page)).toEqual([])
    receiver.store.ingest({ signal: 'traces', records: [streamSpan(1)] })
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    receiver.store.ingest({ signal: 'traces', records: [streamSpan(2), streamSpan(3)] })
    await page.locator('.tiles > div', { hasText: /^streams\s*3/ }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('stays as it is while the viewer is away, says so, and goes on when it is back', async () => {
    const first = await startReceiver({ port: 0 })
    first.store.ingest({ signal: 'traces', records: [named(1, 'gpt-before')] })
    const { page } = await openPage(browser, first.url)
    await goTo(page, '/streams', 'Streams')
    await page.getByRole('link', { name: 'gpt-before' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await first.close()
    await page.getByText('Offline', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'gpt-before' }).count()).toBe(1)
    await using second = await startReceiver({ port: first.port })
    second.store.ingest({ signal: 'traces', records: [named(2, 'gpt-while-away')] })
    await page.getByRole('link', { name: 'gpt-while-away' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    second.store.ingest({ signal: 'traces', records: [named(3, 'gpt-after')] })
    await page.getByRole('link', { name: 'gpt-after' }).waitFor()
    await page.context().close()
  })

  it('asks again where it was refused, as where too many pages listen', async () => {
    await using receiver = await startReceiver({ port: 0 })
    receiver.store.ingest({ signal: 'traces', records: [streamSpan(1)] })
    const { page } = await openPage(browser, receiver.url)
    await page.clock.install()
    await page.route('/api/live', (route) => route.fulfill({ status: 503, body: '{}' }), { times: 1 })
    await goTo(page, '/', 'Overview')
    await page.getByText('Offline', { exact: true }).waitFor()
    await page.clock.fastForward(5000)
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByRole('heading', { level: 1, name: 'Overview' }).count()).toBe(1)
    await page.context().close()
  })
})
