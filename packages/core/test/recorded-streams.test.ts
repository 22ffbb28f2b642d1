import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { play, withoutReads } from './play.ts'
import { readRecordedStreams } from './recorded-streams.ts'

const streams = readRecordedStreams()
const describeStreams = streams.length === 0 ? describe.skip : describe

describeStreams('every recorded stream', () => {
  it.each(streams.map((stream) => [stream.file, stream] as const))('%s ends as it should', (_, stream) => {
    for (const api of [stream.api, 'unknown'] as const) {
      const report = play(stream.bytes, { api })
      expect(report.outcome).toBe(stream.outcome)
      if (stream.errorTypes.length > 0) expect(stream.errorTypes).toContain(report.fault?.code)
      for (const { type } of report.anomalies) expect(stream.anomalies).toContain(type)
    }
  })

  it.each(streams.map((stream) => [stream.file, stream] as const))(
    '%s gives one report in any fragmentation',
    (_, stream) => {
      const { api, bytes } = stream
      const whole = withoutReads(play(bytes, { api }))
      const everyByte = Array.from(bytes, (_byte, i) => i)
      expect(withoutReads(play(bytes, { api, cuts: everyByte }))).toEqual(whole)
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
          expect(withoutReads(play(bytes, { api, cuts }))).toEqual(whole)
        }),
        { numRuns: 20 },
      )
    },
  )
})
