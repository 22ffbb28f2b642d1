import diagnostics from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from '@jest/globals'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { WireRecord } from '@streamgauge/core'
import { WireTap } from '../src/watch/wire-tap.ts'

const CHANNELS = ['undici:request:create', 'undici:request:bodyChunkReceived'] as const
const create = (request: object): void => diagnostics.channel(CHANNELS[0]).publish({ request })
const receive = (request: object, bytes: number): void =>
  diagnostics.channel(CHANNELS[1]).publish({ request, chunk: Buffer.alloc(bytes) })
const isHeard = (): boolean[] => CHANNELS.map((name) => diagnostics.hasSubscribers(name))

describe('the tap on the wire', () => {
  afterEach(() => diag.disable())

  it('listens from the first stream on, until the last one has ended after it was stopped', () => {
    const tap = new WireTap(() => undefined)
    expect(isHeard()).toEqual([false, false])
    tap.open()
    tap.close()
    expect(isHeard()).toEqual([true, true])
    tap.open()
    tap.open()
    tap.stop()
    tap.close()
    expect(isHeard()).toEqual([true, true])
    tap.close()
    expect(isHeard()).toEqual([false, false])
  })

  it('listens again when a stream begins after it was stopped', () => {
    const tap = new WireTap(() => undefined)
    tap.stop()
    tap.open()
    tap.close()
    expect(isHeard()).toEqual([true, true])
    tap.stop()
    expect(isHeard()).toEqual([false, false])
  })

  it('gives each request the pieces of its own body, however they mix', () => {
    const records = [new WireRecord(), new WireRecord()]
    const wanted = [...records]
    const tap = new WireTap(() => wanted.shift())
    const [first, second, other] = [{}, {}, {}]
    tap.open()
    for (const request of [first, second, other]) create(request)
    for (const [request, bytes] of [
      [first, 1],
      [other, 100],
      [second, 20],
      [first, 3],
    ] as const)
      receive(request, bytes)
    tap.stop()
    tap.close()
    receive(first, 1000)
    expect(records.map(({ pieces, bytes }) => [pieces, bytes])).toEqual([
      [2, 4],
      [1, 20],
    ])
  })

  it('throws nothing at undici, whatever it is told and whoever fails', async () => {
    const reports: string[] = []
    const report = (...words: unknown[]): void => void reports.push(words.map(String).join(' '))
    diag.setLogger({ error: report, warn: report, info: report, debug: report, verbose: report }, DiagLogLevel.ERROR)
    const uncaught: unknown[] = []
    const catchAll = (error: unknown): void => void uncaught.push(error)
    process.on('uncaughtException', catchAll)
    const tap = new WireTap(() => {
      throw new Error('no context')
    })
    tap.open()
    for (const name of CHANNELS)
      for (const message of [undefined, null, 7, {}]) diagnostics.channel(name).publish(message)
    create({})
    tap.close()
    // What a listener throws is raised in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('uncaughtException', catchAll)
    expect(uncaught).toEqual([])
    expect(reports.length).toBeGreaterThan(0)
    for (const text of reports) expect(text).toContain('the application is not affected')
  })
})
