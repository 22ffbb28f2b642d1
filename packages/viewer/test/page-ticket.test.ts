import type { StreamAnswer } from '../src/api/answers.ts'

import { describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import fc from 'fast-check'

import type { Attributes } from '../src/index.ts'

import { toTicket } from '../page/text/ticket.ts'
import { ask } from './ask.ts'
import { streamSpan } from './records.ts'
import { withReceiver } from './requests.ts'

/** What the API says of a stream with these attributes. */
async function answerWith(attributes: Attributes): Promise<StreamAnswer> {
  const stream = streamSpan(7, attributes, {
    startNanos: 1_767_323_040_000_000_000n,
    endNanos: 1_767_323_041_500_000_000n,
  })
  let answer: unknown
  await withReceiver(async (receiver) => {
    receiver.store.ingest({ signal: 'traces', records: [stream] })
    answer = (await ask(receiver, `/api/streams/${stream.traceId}/${stream.spanId}`)).json
  })
  return answer as StreamAnswer
}

const BROKEN = {
  [ATTR.OUTCOME]: 'broken',
  [ATTR.END]: 'eof',
  [GEN_AI.REQUEST_MODEL]: 'gpt-x',
  [GEN_AI.SERVER_ADDRESS]: 'api.example',
  [GEN_AI.ERROR_TYPE]: 'truncated_event',
  [GEN_AI.RESPONSE_ID]: 'chatcmpl-1',
  [ATTR.CAUSE]: 'provider_truncation',
  [ATTR.CAUSE_CONFIDENCE]: 'guess',
  [ATTR.CAUSE_EVIDENCE]: 'the body ended in order',
  [ATTR.REMEDY]: 'Retry.',
  [ATTR.READS]: 2,
  [ATTR.EVENTS]: 3,
  [ATTR.BYTES]: 1234,
  [ATTR.CHUNK_RAW]: 'data: {"a":1}\n\ndata: {"b',
  [ATTR.CHUNK_INDEX]: 3,
  [ATTR.CHUNK_OFFSET]: 1200,
  [ATTR.CHUNK_SIZE]: 24,
  [ATTR.CHUNK_BREAK]: 24,
}

describe('a ticket', () => {
  it('is Markdown that says what happened, why, what to do, and where to look', async () => {
    expect(toTicket(await answerWith(BROKEN))).toBe(String.raw`## truncated\_event: gpt-x at api.example

The body ended in order in the middle of an event. It stopped after 3 events \(1.2 kB\), 1.50 s after it began.

**Cause** (guess): ${'`provider_truncation`'} The provider, or a hop that hides its death, stopped in the middle. Evidence: the body ended in order.

**To do**: Retry.

| | |
| --- | --- |
| Began | 2026-01-02T03:04:00.000Z |
| Lasted | 1.50 s |
| Received | 2 reads, 3 events, 1.2 kB |
| Response id | ${'`chatcmpl-1`'} |
| Trace | ${'`00000000000000000000000000000007` / `0000000000000007`'} |

Chunk 3, byte 1200, 24 bytes; it broke at ▲:

${'```text'}
data: {"a":1}⏎
⏎
data: {"b▲
${'```'}

_Seen by Streamgauge in the bytes that this process received._
`)
  })

  it('of a stream that is whole leaves out what there is none of', async () => {
    const ticket = toTicket(await answerWith({ [GEN_AI.REQUEST_MODEL]: 'gpt-x' }))
    expect(ticket).toMatch(
      /^## Completed: gpt-x at unknown host\n\nThe whole answer came, and its end was seen\.\n\n\| \|/,
    )
    expect(ticket).not.toMatch(/Cause|To do|Chunk|null|undefined/)
  })

  it.each([
    'see https://evil.example/x for help',
    'HTTP://EVIL.EXAMPLE',
    'ftp://evil.example, and more',
    'at www.evil.example',
    'a *www.evil.example*',
    '(WWW.evil.example)',
    'write to me@evil.example',
    'mailto:me@evil.example',
    'xmpp:me',
    'thanks to @somebody',
    'as in evil/evil#1',
    '`` `https://evil.example` ``',
    '\u0001https://evil.example',
  ])('makes no link of %j', async (text) => {
    const ticket = toTicket(
      await answerWith({
        ...BROKEN,
        [GEN_AI.REQUEST_MODEL]: text,
        [GEN_AI.SERVER_ADDRESS]: text,
        [ATTR.CAUSE_EVIDENCE]: text,
        [ATTR.REMEDY]: text,
      }),
    )
    // What CommonMark takes for code: from a run of backticks that is not escaped to the next of the same length.
    const outside = ticket.replaceAll(/\\`|(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '')
    expect(outside).not.toMatch(/:\/\/|www\.|@|mailto:|xmpp:|#\d/i)
  })

  it('never lets a chunk out of its fence, nor a name out of its line', async () => {
    const answer = await answerWith(BROKEN)
    const text = fc.string({ unit: fc.constantFrom('`', '~', '\n', '\r', '|', '<', '*', 'a', '\u202E', '\u001B', '#') })
    fc.assert(
      fc.property(text, text, (raw, model) => {
        const { stream } = answer
        const chunk = stream.chunk === null ? null : { ...stream.chunk, raw, break: null }
        const ticket = toTicket({ ...answer, stream: { ...stream, model, chunk } })
        expect(['\r', '\u202E', '\u001B'].filter((character) => ticket.includes(character))).toEqual([])
        expect(ticket.split('\n', 1)[0]?.startsWith('## ')).toBe(true)
        expect(ticket.split('\n')[1]).toBe('')
        const [, fence = '', inside = ''] = /\n(`{3,})text\n([^]*)\n\1\n\n_Seen by [^\n]*_\n$/.exec(ticket) ?? []
        expect(fence.length).toBeGreaterThan(2)
        expect(inside.split('\n')).not.toContain(fence)
      }),
    )
  })
})
