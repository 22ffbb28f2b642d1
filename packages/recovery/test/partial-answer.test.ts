import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PartialCollector } from '../src/partial-answer.ts'
import { MAX_PARTIAL_LENGTH, MAX_PARTIAL_PARTS } from '../src/text-budget.ts'

const key = fc.constantFrom(
  'choices',
  'delta',
  'content',
  'index',
  'tool_calls',
  'function',
  'arguments',
  'type',
  'text',
  'name',
  'id',
)
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant('response.output_text.delta'),
)

/** Anything, in shapes that look like a chunk. */
const { node: chunk } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(key, tie('node')),
  ),
}))

it('takes whatever comes, and keeps no more than it may', () => {
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const partial = new PartialCollector()
      for (const one of chunks) partial.add(one)
      const { texts, toolCalls, chunks: count } = partial.answer
      expect(count).toBe(chunks.length)
      expect(texts.every((text) => typeof text === 'string')).toBe(true)
      expect(toolCalls.length).toBeLessThanOrEqual(MAX_PARTIAL_PARTS)
    }),
    { numRuns: 500 },
  )
})

it('says when it was too much', () => {
  const partial = new PartialCollector()
  for (let index = 0; index <= MAX_PARTIAL_PARTS; index++) {
    const call = { index, id: `${index}`, function: { name: 'f', arguments: 'x'.repeat(10_000) } }
    partial.add({ choices: [{ index: 0, delta: { content: 'y'.repeat(10_000), tool_calls: [call] } }] })
  }
  const { isCut, text, toolCalls } = partial.answer
  const keptOfCalls = toolCalls.reduce(
    (sum, call) => sum + call.arguments.length + call.name.length + (call.id?.length ?? 0),
    0,
  )
  expect(isCut).toBe(true)
  expect([text.length, keptOfCalls]).toEqual([MAX_PARTIAL_LENGTH, MAX_PARTIAL_LENGTH])
  expect(toolCalls).toHaveLength(MAX_PARTIAL_PARTS)
})

it('tells the choices apart, and calls in any of their shapes', () => {
  const partial = new PartialCollector()
  partial.add({
    choices: [
      { index: 1, delta: { content: 'b' } },
      { index: 0, delta: { content: 'a' } },
    ],
  })
  partial.add({
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } }] } }],
  })
  partial.add({ choices: [{ index: 0, delta: { tool_calls: [{ function: { arguments: ':1}' } }] } }] })
  partial.add({ choices: [{ index: 1, delta: { function_call: { name: 'g', arguments: '{' } } }] })
  expect(partial.answer).toMatchObject({
    texts: ['a', 'b'],
    toolCalls: [
      { choice: 0, id: 'x', name: 'f', arguments: '{"a":1}', isComplete: true },
      { choice: 1, name: 'g', arguments: '{', isComplete: false },
    ],
  })
})

it('text that only has empty fields beside it is text alone', () => {
  const partial = new PartialCollector()
  partial.add({
    choices: [
      { index: 0, delta: { role: 'assistant', content: 'a', refusal: null, reasoning_content: '', annotations: [] } },
    ],
  })
  expect(partial.hasOtherOutput).toBe(false)
})
