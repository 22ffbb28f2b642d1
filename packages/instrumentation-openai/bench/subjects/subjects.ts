import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Subject } from '../harness/subject.ts'

const OWN = join(import.meta.dirname, '../..')
const { resolve } = createRequire(join(OWN, 'package.json'))

const setupOf = (name: string): string => pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href

export const MAJORS = [4, 5, 6, 7] as const
export const FORMATS = ['esm', 'cjs'] as const

type Format = Subject['format']

/** The SDK of a major, with nothing that watches it; and once more, to see what the noise does. */
export function bareTwice(major: number, format: Format): readonly [Subject, Subject] {
  const bare = { setup: setupOf('bare'), folder: OWN, openai: `openai${major}`, format }
  return [
    { ...bare, name: 'bare' },
    { ...bare, name: 'bare again' },
  ]
}

/** The same, with nothing but an open span of OpenTelemetry for each answer. */
export function spanOnly(major: number, format: Format): Subject {
  return { name: 'a span alone', setup: setupOf('span-only'), folder: OWN, openai: `openai${major}`, format }
}

/** The same, watched by this package. */
export function watched(
  major: number,
  format: Format,
  name: string = 'streamgauge',
  options: Readonly<Record<string, unknown>> = {},
): Subject {
  const hook = '@streamgauge/instrumentation-openai/hook'
  return {
    name,
    setup: setupOf('streamgauge'),
    folder: OWN,
    openai: `openai${major}`,
    format,
    nodeOptions: format === 'esm' ? ['--import', import.meta.resolve(hook)] : ['--require', resolve(hook)],
    isWatched: true,
    options,
  }
}
