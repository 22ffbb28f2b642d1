import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenAI } from 'openai7'
import type { Start, Subject } from './subject.ts'

/** A subject as it runs in this process. */
export interface LoadedSubject {
  readonly OpenAI: typeof OpenAI
  /** How many spans have ended so far. */
  readonly spansEnded: () => number
}

/** Sets up the subject that this process was started for, and loads its SDK. */
export async function loadSubject(): Promise<LoadedSubject> {
  const subject = JSON.parse(process.argv[2] ?? '') as Subject
  const require = createRequire(join(subject.folder, 'package.json'))
  const { start } = (await import(subject.setup)) as { readonly start: Start }
  const spansEnded = start(require, subject.options ?? {})
  const entry = pathToFileURL(join(dirname(require.resolve(subject.openai)), 'index.mjs')).href
  const loaded: unknown = subject.format === 'esm' ? await import(entry) : require(subject.openai)
  return { ...(loaded as { readonly OpenAI: typeof OpenAI }), spansEnded }
}
