import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Subject } from './subject.ts'

/** What a process may answer instead of a result. */
export interface Failure {
  readonly failure: string
}

/** A process that runs a subject, one piece of work at a time. */
export interface SubjectProcess<Work, Result> {
  readonly subject: Subject
  /** @throws Error when the work fails. */
  run(work: Work): Promise<Result>
  stop(): void
}

/**
 * Starts a subject; ready when its SDK is loaded.
 *
 * @param program what the process does: a file beside this one
 */
export async function startProcess<Work extends object, Result extends object>(
  subject: Subject,
  program: string,
): Promise<SubjectProcess<Work, Result>> {
  const child = fork(join(import.meta.dirname, program), [JSON.stringify(subject)], {
    execArgv: [
      '--expose-gc',
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      ...(subject.nodeOptions ?? []),
    ],
  })
  let answered: (message: unknown) => void = () => {}
  let failed: (error: Error) => void = () => {}
  child.on('message', (message) => answered(message))
  child.on('exit', (code) => failed(new Error(`${subject.name} ended with ${code} before it answered`)))
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      answered = resolve
      failed = reject
    })
  await answer()
  return {
    subject,
    async run(work) {
      child.send(work)
      const message = (await answer()) as Result | Failure
      if ('failure' in message) throw new Error(message.failure)
      return message
    },
    stop: () => void child.kill(),
  }
}
