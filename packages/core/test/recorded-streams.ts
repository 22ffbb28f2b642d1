import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StreamApi } from '../src/vocabulary.ts'

/** One recorded body of a real server, with what an observer should say of it. */
export interface RecordedStream {
  readonly file: string
  readonly api: StreamApi
  readonly bytes: Uint8Array
  readonly outcome: string
  /** Codes that are right; none for a healthy stream. */
  readonly errorTypes: readonly string[]
  /** Anomalies that may be told. */
  readonly anomalies: readonly string[]
}

interface Manifest {
  readonly fixtures: readonly {
    readonly file: string
    readonly api: StreamApi
    readonly expected: {
      readonly outcome: string
      readonly errorType: readonly string[]
      readonly anomalies: readonly string[]
    }
  }[]
}

const FOLDER = join(import.meta.dirname, '../../../../shared/streams')

/** The recorded streams, which live beside the repository; none where that folder is absent, which is said once. */
export function readRecordedStreams(): RecordedStream[] {
  const manifest = join(FOLDER, 'manifest.json')
  if (!existsSync(manifest)) {
    console.log('SKIP recorded streams: put them into shared/streams beside the repository')
    return []
  }
  return (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).fixtures.map(({ file, api, expected }) => ({
    file,
    api,
    bytes: new Uint8Array(readFileSync(join(FOLDER, file))),
    outcome: expected.outcome,
    errorTypes: expected.errorType,
    anomalies: expected.anomalies,
  }))
}
