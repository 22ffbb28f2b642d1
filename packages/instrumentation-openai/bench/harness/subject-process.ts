import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Subject } from './subject.ts'
import type { Failure, Sample, Work } from './worker.ts'

/** A process that runs a subject, one piece of work at a time. */
export interface SubjectProcess {
  readonly subject: Subject
  /** @throws Error when a stream is not as it should be. */
  run(work: Work): Promise<Sample>
  stop(): void
}

/** Starts a subject; ready when its SDK is loaded. */
export async function startProcess(subject: Subject): Promise<SubjectProcess> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(subject)], {
    execArgv: ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', ...(subject.nodeOptions ?? [])],
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
      const message = (await answer()) as Sample | Failure
      if ('failure' in message) throw new Error(message.failure)
      return message
    },
    stop: () => void child.kill(),
  }
}
