import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { doorOf, findPreloads, splitWords } from '../../src/doctor/preloads.ts'

describe('splitWords', () => {
  it.each<readonly [string, readonly string[]]>([
    ['', []],
    ['node  app.mjs', ['node', 'app.mjs']],
    ['--import "./my file.mjs"', ['--import', './my file.mjs']],
    [String.raw`--require=./my\ file.cjs`, ['--require=./my file.cjs']],
    [String.raw`"a \"b\""`, ['a "b"']],
    [`A='b c' d`, ['A=b c', 'd']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it('words in double quotes come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
        const quoted = words.map((word) => `"${word.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`)
        expect(splitWords(quoted.join(' '))).toEqual(words)
      }),
    )
  })
})

describe('findPreloads', () => {
  it('gives them in the order in which Node.js loads them', () => {
    const words = splitWords('node --import ./a.mjs -r ./b.cjs --import=./c.mjs --loader ./d.mjs app.mjs')
    expect(findPreloads(words)).toEqual([
      { flag: 'loader', module: './d.mjs' },
      { flag: 'require', module: './b.cjs' },
      { flag: 'import', module: './a.mjs' },
      { flag: 'import', module: './c.mjs' },
    ])
  })
})

describe('doorOf', () => {
  it.each([
    ['@streamgauge/instrumentation-openai/register', 'register'],
    ['@streamgauge/instrumentation-openai/hook', 'hook'],
    ['./node_modules/@streamgauge/instrumentation-openai/dist/register.js', 'register'],
    ['file:///app/node_modules/@streamgauge/instrumentation-openai/dist/hook-require.cjs', 'hook'],
    ['@streamgauge/instrumentation-openai', undefined],
    ['@opentelemetry/auto-instrumentations-node/register', undefined],
  ])('%s is %s', (module, door) => {
    expect(doorOf({ flag: 'import', module })).toBe(door)
  })
})
