import type { Catalogue } from '../catalogue.ts'
import type { Settings } from '../options.ts'
import type { ArmedQueue } from './armed-queue.ts'
import type { StoredResponses } from './stored-responses.ts'

/** What all requests of one server share. */
export interface ServerContext {
  readonly settings: Settings
  readonly catalogue: Catalogue
  readonly armed: ArmedQueue
  readonly stored: StoredResponses
}
