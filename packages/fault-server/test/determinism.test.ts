import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FAULTS, HEALTHY, speaks, startFaultServer, type FaultServer, type Injector } from '../src/index.ts'
import { askChat, askResponses, parseAnswer, requestRaw, type RawAnswer } from './raw-client.ts'

const FAST = { timeScale: 0, settleMs: 0, holdMs: 1 }

let first: FaultServer
let second: FaultServer
let other: FaultServer
beforeAll(async () => {
  first = await startFaultServer(FAST)
  second = await startFaultServer(FAST)
  other = await startFaultServer({ ...FAST, seed: 2 })
})
afterAll(async () => {
  await Promise.all([first.close(), second.close(), other.close()])
})

const ask = (server: FaultServer, injector: Injector, prefix: string): Promise<RawAnswer> =>
  (speaks(injector, 'chat') ? askChat : askResponses)(server.port, `${prefix}:${injector.name}`)

const CASES = [
  ...FAULTS.map((injector) => ['fault', injector.name, injector] as const),
  ...HEALTHY.map((injector) => ['healthy', injector.name, injector] as const),
]

it.each(CASES)('%s:%s puts the same bytes on the wire every time', async (prefix, _, injector) => {
  const [once, again] = await Promise.all([ask(first, injector, prefix), ask(second, injector, prefix)])
  // A reset may discard what is still on its way, so only what came of both is compared.
  const common = once.end === 'reset' ? Math.min(once.bytes.length, again.bytes.length) : undefined
  expect(once.bytes.subarray(0, common)).toEqual(again.bytes.subarray(0, common))
  expect(once.end).toBe(again.end)
})

describe('the bytes', () => {
  const read = async (server: FaultServer, body: object): Promise<string> =>
    parseAnswer(await requestRaw(server.port, { body: { stream: true, ...body } })).body

  it('change with the seed', async () => {
    expect(await read(first, { model: 'm' })).not.toBe(await read(other, { model: 'm' }))
  })

  it('change with the request', async () => {
    const texts = ['one', 'two'].map((content) => read(first, { model: 'm', messages: [{ role: 'user', content }] }))
    const [one, two] = await Promise.all(texts)
    expect(one).not.toBe(two)
  })

  it('do not change with the order of its keys', async () => {
    const one = await read(first, { model: 'm', messages: [{ role: 'user', content: 'hi' }] })
    expect(await read(first, { messages: [{ content: 'hi', role: 'user' }], model: 'm' })).toBe(one)
  })

  it('have no date in the head', async () => {
    expect(parseAnswer(await askChat(first.port, 'plain')).head).not.toMatch(/^date:/im)
  })
})
