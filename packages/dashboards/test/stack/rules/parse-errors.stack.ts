import { describe, it } from '@jest/globals'
import { isBuilt } from '../programs/programs.ts'
import { PARSE_ERROR_CASES } from './parse-error-cases.ts'
import { expectAlert } from './rule-case.ts'

const withPromtool = isBuilt('prometheus') ? describe : describe.skip

withPromtool.each(Object.entries(PARSE_ERROR_CASES))('%s', (alert, cases) => {
  it.each(Object.entries(cases))('%s', (_, course) => {
    expectAlert(alert, course)
  })
})
