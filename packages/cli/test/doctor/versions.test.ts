import { describe, expect, it, jest } from '@jest/globals'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { isAtLeast, isHooked, isInCaret, NEWEST_OPENAI_MAJOR, OLDEST_OPENAI } from '../../src/doctor/versions.ts'

describe('versions', () => {
  it('the range of openai is the one of the instrumentation', () => {
    const [definition] = new OpenAIStreamInstrumentation({ enabled: false }).getModuleDefinitions()
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
    definition?.files[0]?.patch({}, '3.0.0')
    expect(emitWarning.mock.calls[0]?.[0]).toBe(
      `openai 3.0.0 is not watched; supported is openai >=${OLDEST_OPENAI.replace(/\.0$/, '')} <${NEWEST_OPENAI_MAJOR + 1}.`,
    )
    emitWarning.mockRestore()
  })

  it.each([
    ['4.12.9', false],
    ['4.13.0', true],
    ['4.104.0', true],
    ['7.57.0', true],
    ['8.0.0', false],
    ['unknown', false],
  ])('openai %s is hooked: %s', (version, expected) => {
    expect(isHooked(version)).toBe(expected)
  })

  it.each([
    ['1.10.0', '^1.10.0', true],
    ['1.9.9', '^1.10.0', false],
    ['2.0.0', '^1.10.0', false],
    ['0.301.4', '^0.301.0', true],
    ['0.302.0', '^0.301.0', false],
    ['9.9.9', '*', true],
  ])('%s is in %s: %s', (version, range, expected) => {
    expect(isInCaret(version, range)).toBe(expected)
  })

  it('a prerelease counts as its release', () => {
    expect(isAtLeast('5.0.0-beta.1', '5.0.0')).toBe(true)
  })
})
