import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from '@jest/globals'
import { generatedFiles } from '../src/generated-files.ts'

const root = join(import.meta.dirname, '..')
const files = generatedFiles()

it.each([...files])('%s is what its source says (pnpm generate)', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text)
})

it('beside generated dashboards and rules there are none that nothing generates', () => {
  const folders = new Set([...files.keys()].map(dirname).filter((folder) => /\/(dashboards|rules)$/.test(folder)))
  const present = [...folders].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  expect(present.filter((path) => !files.has(path))).toEqual([])
  expect(present.length).toBeGreaterThan(8)
})
