import { describe, expect, it } from '@jest/globals'
import { describeFault, FAULTS } from '../src/faults/catalogue.ts'
import { FAULT_CODES } from '../src/faults/codes.ts'
import { CAUSE_ROWS } from '../src/faults/find-cause.ts'
import { ANOMALY_CATALOGUE, describeAnomaly } from '../src/faults/anomaly-catalogue.ts'
import { ANOMALIES, CAUSES } from '../src/vocabulary.ts'

describe('the catalogue', () => {
  it('has one entry for each code, and one for all HTTP statuses', () => {
    expect(FAULTS.map(({ code }) => code).toSorted()).toEqual([...FAULT_CODES, 'http_status'].toSorted())
    expect(describeFault('429')).toBe(describeFault('503'))
    expect(describeFault('200')).toBeUndefined()
    expect(describeFault('no_such_code')).toBeUndefined()
  })

  it.each(FAULTS)('$code says what it means, how it is recognised, what to do, and where that stands', (fault) => {
    for (const text of [fault.meaning, fault.rule, fault.remedy]) expect(text).toMatch(/^\S.*[.;]$/)
    expect(fault.remedy).not.toContain('\n')
    expect(fault.source).toMatch(/^https:\/\//)
    for (const cause of fault.causes) expect(CAUSES).toContain(cause)
  })

  it.each(CAUSE_ROWS.flatMap(({ codes, cause }) => codes.map((code) => [code, cause] as const)))(
    'of %s lists the cause %s, which may be found',
    (code, cause) => {
      expect(describeFault(code === 'http' ? '500' : code)?.causes).toContain(cause)
    },
  )
})

describe('the catalogue of anomalies', () => {
  it('has one entry for each, in the order of the vocabulary', () => {
    expect(ANOMALY_CATALOGUE.map(({ type }) => type)).toEqual(ANOMALIES)
    expect(describeAnomaly('buffered')?.remedy).toContain('buffering')
    expect(describeAnomaly('no_such_anomaly')).toBeUndefined()
  })

  it.each(ANOMALY_CATALOGUE)('$type says what it means, how it is recognised and what to do', (anomaly) => {
    for (const text of [anomaly.meaning, anomaly.rule, anomaly.remedy, anomaly.remedyWhenCompressed ?? 'None.']) {
      expect(text).toMatch(/^\S.*\.$/)
      expect(text).not.toContain('\n')
    }
    for (const cause of anomaly.causes) expect(CAUSES).toContain(cause)
  })
})
