import type { Instrumentation } from '@opentelemetry/instrumentation'
import type { Start } from '../../harness/subject.ts'
import { startRecording } from '../../subjects/recording-sdk.ts'
import { startRecording2 } from './recording-sdk-2.ts'

interface PeerInstrumentation extends Instrumentation {
  /** For ESM, in those that have it instead of a loader hook: takes the class. */
  manuallyInstrument?(openai: unknown): void
}

type Constructor = new (options?: object) => PeerInstrumentation

/** An instrumentation for OpenTelemetry, with its defaults, in an SDK of the major that is installed beside it. */
export const start: Start = (require, { watcher, sdk, isManual, exported = 'OpenAIInstrumentation' }) => {
  const Found = (require(String(watcher)) as Readonly<Record<string, Constructor>>)[String(exported)]
  if (Found === undefined) throw new Error(`${String(watcher)} does not export ${String(exported)}`)
  const instrumentation = new Found()
  const instrumentations = [instrumentation]
  const watch = sdk === 2 ? startRecording2(require, { instrumentations }) : startRecording(require, instrumentations)
  if (isManual !== true) return watch
  let isDone = false
  return {
    ...watch,
    wrap: (client) => {
      if (!isDone) instrumentation.manuallyInstrument?.(client.constructor)
      isDone = true
      return client
    },
  }
}
