import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenAI } from 'openai7'
import type { Start, Subject, Watch } from './subject.ts'

/** A subject as it runs in this process. */
export interface LoadedSubject {
  readonly OpenAI: typeof OpenAI
  readonly watch: Watch
}

/** Sets up the subject that this process was started for, and loads its SDK. */
export async function loadSubject(): Promise<LoadedSubject> {
  const subject = JSON.parse(process.argv[2] ?? '') as Subject
  const require = createRequire(join(subject.folder, 'package.json'))
  const { start } = (await import(subject.setup)) as { readonly start: Start }
  const watch = start(require, subject.options ?? {})
  const { format, openai, entry = join(dirname(require.resolve(openai)), 'index.mjs') } = subject
  const loaded: unknown = format === 'esm' ? await import(pathToFileURL(entry).href) : require(openai)
  return { OpenAI: (loaded as { readonly OpenAI: typeof OpenAI }).OpenAI, watch }
}
