import { formatEvent, formatLines } from '../../answer/stream-event.ts'
import { cutJson } from '../../faults/cut-json.ts'
import { emptyEvent } from '../../faults/empty-event.ts'
import { htmlAsEvent } from '../../faults/html-as-event.ts'
import { interleavedEvents } from '../../faults/interleaved-events.ts'
import { joinedEvents } from '../../faults/joined-events.ts'
import { notJson } from '../../faults/not-json.ts'
import { responsesSequenceGap } from '../../faults/responses-sequence-gap.ts'
import { responsesSequenceRepeat } from '../../faults/responses-sequence-repeat.ts'
import { splitByBlankLine } from '../../faults/split-by-blank-line.ts'
import { twoObjects } from '../../faults/two-objects.ts'
import { BAD_GATEWAY_PAGE } from '../../html.ts'
import type { Injector } from '../../injector.ts'
import { firstHalf } from '../../play.ts'
import { onOneLine, passRest, passUntilStrike, type DataEvent } from '../play.ts'
import type { ProxyFault } from '../proxy-fault.ts'

/** Writes something else in place of one event, and passes the rest on. */
const alter = (like: Injector, write: (event: DataEvent) => string): ProxyFault => ({
  ...like,
  asksUpstream: true,
  play: async (exchange) => {
    const event = await passUntilStrike(exchange)
    const text = write(onOneLine(event))
    if (text !== '') await exchange.write(text)
    await passRest(exchange)
    await exchange.end()
  },
})

/** One event is cut, split, glued or lost; the others are passed on as they came. */
export const ALTERED_EVENT: readonly ProxyFault[] = [
  alter(cutJson, ({ data }) => `data: ${firstHalf(data)}\n\n`),
  alter(splitByBlankLine, ({ data }) => `data: ${firstHalf(data)}\n\n${data.slice(firstHalf(data).length)}\n\n`),
  alter(twoObjects, ({ data }) => `data: ${data}${data}\n\n`),
  alter(interleavedEvents, (event) => `data: ${firstHalf(event.data)}${formatEvent(event)}`),
  alter(joinedEvents, (event) => `${formatLines(event)}${formatLines(event)}\n`),
  alter(notJson, () => 'data: upstream connect error or disconnect/reset before headers\n\n'),
  alter(htmlAsEvent, () => `data: ${BAD_GATEWAY_PAGE.replaceAll('\r\n', '')}\n\n`),
  alter(emptyEvent, (event) => `event: ping\n\n${formatEvent(event)}`),
  alter(responsesSequenceGap, () => ''),
  alter(responsesSequenceRepeat, (event) => formatEvent(event) + formatEvent(event)),
]
