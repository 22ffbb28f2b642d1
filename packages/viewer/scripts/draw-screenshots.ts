// Draws the pictures of the README into docs/: what the page shows of every stream of the demo, read by a real application.
//
//   node --run build && pnpm --filter @streamgauge/viewer draw:screenshots
//
// Times and ids differ from run to run: draw them again when the page looks different, and look at them.
import type { Page } from 'playwright-core'

import { listStreams, startReceiver } from '@streamgauge/viewer'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { findChromium } from '../test/page/find-chromium.ts'
import { readStreams, STREAMS } from '../test/page/read-streams.ts'
import { launchChromium, openPage } from '../test/page/watched-page.ts'

const DOCS = join(import.meta.dirname, '../docs')

/** The stream whose page says most: events, then silence, then nothing. */
const BROKEN = 'fault:stall_then_close'

/** Largest picture that a README should load. Bytes. */
const MAX_BYTES = 150_000

const chromium = findChromium()
if (chromium === undefined) process.exit(1)

mkdirSync(DOCS, { recursive: true })
await using receiver = await startReceiver({ port: 0 })
await readStreams(receiver, STREAMS.keys())
const broken = listStreams(receiver.store).find(({ model }) => model === BROKEN)
const browser = await launchChromium(chromium)

await draw('broken-stream.png', `/streams/${broken?.traceId ?? ''}/${broken?.spanId ?? ''}`, 890, async (page) => {
  await page.getByRole('region', { name: 'Timeline' }).waitFor()
})
await draw('overview.png', '/', 890, async (page) => {
  await page.getByRole('region', { name: 'Parse-error rate' }).waitFor()
})
await browser.close()

async function draw(name: string, path: string, height: number, isReady: (page: Page) => Promise<void>): Promise<void> {
  const { page } = await openPage(browser, receiver.url, { viewport: { width: 1160, height } })
  await page.goto(path)
  await page.getByText('Live', { exact: true }).waitFor()
  await isReady(page)
  const file = join(DOCS, name)
  await page.screenshot({ path: file })
  await page.context().close()
  const { size } = statSync(file)
  if (size > MAX_BYTES) throw new RangeError(`${name} has ${size} bytes, and may have ${MAX_BYTES}.`)
  console.log(`${file}: ${size} bytes`)
}
