import type { Catalogue } from '../catalogue.ts'
import type { Settings } from '../options.ts'
import type { ArmedQueue } from './armed-queue.ts'
import type { Recent, StoredResponse } from './recent.ts'

/** What all requests of one server share. */
export interface ServerContext {
  readonly settings: Settings
  readonly catalogue: Catalogue
  readonly armed: ArmedQueue
  /** For `GET /v1/responses/:id`. */
  readonly responses: Recent<StoredResponse>
  /** The model of each run: those who submit the output of its tools don't name one. */
  readonly runModels: Recent<string>
}
