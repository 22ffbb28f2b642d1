import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { UpstreamEvent } from '../src/index.ts'
import { MAX_EVENT_BYTES, splitEvents } from '../src/proxy/split-events.ts'

const split = async (chunks: readonly Uint8Array[]): Promise<UpstreamEvent[]> => {
  async function* read(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  const events: UpstreamEvent[] = []
  for await (const event of splitEvents(read())) events.push(event)
  return events
}

const text = (events: readonly UpstreamEvent[]): string =>
  Buffer.concat(events.map(({ bytes }) => bytes)).toString('latin1')

const bytes = fc
  .array(fc.constantFrom('\r', '\n', '\r\n', 'data: x', 'data', ':', 'event: e', '\uFEFF', 'é'), { maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')))

it('the events of a body are its bytes, whatever the reads', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(fc.nat(200), { maxLength: 8 }), async (body, places) => {
      const borders = [0, ...places.map((place) => Math.min(place, body.length)).toSorted((a, b) => a - b), body.length]
      const chunks = borders.slice(1).map((end, index) => body.subarray(borders[index], end))
      expect(text(await split(chunks))).toBe(body.toString('latin1'))
    }),
  )
})

it.each([
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
])('lines may end in %s, in reads of one byte', async (_, end) => {
  const body = Buffer.from(`: hi${end}${end}event: e${end}data: 1${end}data:2${end}${end}data: [DONE]${end}${end}`)
  const events = await split(Array.from(body, (byte) => Uint8Array.of(byte)))
  expect(events.map(({ name, data }) => [name, data]).filter(([, data]) => data !== undefined)).toEqual(
    [
      ['e', '1\n2'],
      [undefined, '[DONE]'],
    ].slice(0, end === '\r' ? 1 : 2),
  )
})

it('what the end of the body cut is no event', async () => {
  const events = await split([Buffer.from('data: 1\n\ndata: 2\n')])
  expect(events.map(({ data }) => data)).toEqual(['1', undefined])
})

it('an event beyond the maximum is passed on in pieces, and held no longer', async () => {
  const events = await split([Buffer.alloc(MAX_EVENT_BYTES + 1, 'x'), Buffer.from('\n\ndata: 1\n\n')])
  expect(events[0]).toMatchObject({ bytes: { length: MAX_EVENT_BYTES + 1 } })
  expect(events.at(-1)).toMatchObject({ data: '1' })
})
