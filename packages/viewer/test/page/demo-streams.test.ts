import { describeAnomaly, describeFault } from '@streamgauge/core'
import { expectedFor } from '@streamgauge/fault-server'
import { expect, it, jest } from '@jest/globals'

import { describePage, goTo } from './page-fixture.ts'
import { readStreams, STREAMS } from './read-streams.ts'

jest.setTimeout(90_000)

/** Of the SDK that the application uses. */
const SDK_MAJOR = 7

describePage(
  'the verdict on each stream of the demo',
  (receiver) => readStreams(receiver, STREAMS.keys()),
  ({ withPage, pathOf }) => {
    const cases = Array.from(STREAMS, ([model, injector]) => {
      const { outcome, errorType, anomalies = [] } = expectedFor(injector, SDK_MAJOR)
      return { model, told: errorType ?? outcome, anomalies }
    })

    it.each([...new Set(cases.map(({ told }) => told))])('%s is what each of its streams is told as', async (told) => {
      const fault = describeFault(told)
      await withPage(async (page, { complaints }) => {
        for (const { model, anomalies } of cases.filter((one) => one.told === told)) {
          await goTo(page, pathOf(model), model)
          const text = await page.getByRole('region', { name: 'Verdict' }).innerText()
          const [title, ...rest] = text.split('\n')
          const links = await page.getByRole('link', { name: /^Explain ./ }).allInnerTexts()
          const meaning = fault?.meaning ?? describeAnomaly(anomalies[0] ?? '')?.meaning ?? ''
          expect({ model, title, text: rest.join(' '), links }).toEqual({
            model,
            title: fault === undefined ? expect.stringMatching(/^Completed(, but)?$/) : told,
            text: expect.stringContaining(meaning.replaceAll('`', '')),
            // What is odd is explained too, whatever became of the stream.
            links: expect.arrayContaining(
              [...(fault === undefined ? [] : [fault.code]), ...anomalies].map((one) => `Explain ${one}`),
            ),
          })
          expect(rest.includes('What to do')).toBe(fault !== undefined || links.length > 0)
        }
        expect(complaints).toEqual([])
      })
    })
  },
)
