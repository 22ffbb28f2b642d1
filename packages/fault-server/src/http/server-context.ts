import type { IncomingMessage } from 'node:http'
import { createCatalogue, type Catalogue } from '../catalogue.ts'
import type { Settings } from '../options.ts'
import { createArmedQueue, type ArmedQueue } from './armed-queue.ts'
import { createRecent, type Recent, type StoredResponse } from './recent.ts'

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

/** Makes what the requests of a new server share. */
export const createServerContext = (settings: Settings): ServerContext => ({
  settings,
  catalogue: createCatalogue(settings.extraFaults, settings.http2),
  armed: createArmedQueue(),
  responses: createRecent(),
  runModels: createRecent(),
})

/** Whether a request is for the control of the server, and counts as none. */
export const isControl = ({ url }: IncomingMessage): boolean => url?.startsWith('/_control/') === true
