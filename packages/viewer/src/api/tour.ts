import type { IncomingMessage, ServerResponse } from 'node:http'

import type { TourAnswer } from './answers.ts'

import { errorMessage } from '../error-fields.ts'
import { MEDIA_TYPES, mediaType } from '../receiver/encoding.ts'
import { capTexts } from './cap-texts.ts'
import { Problem } from './problem.ts'
import { sendJson } from './send.ts'

/**
 * A tour of streams that break, for whoever has no application at hand: the page offers it where no stream is yet.
 *
 * @public
 */
export interface Tour {
  /** Whether it plays just now; true as soon as `start` was called. */
  isRunning(): boolean
  /**
   * Plays it once, until its telemetry has arrived. A rejection's message is shown on the page.
   *
   * @param url of the receiver, the value for OTEL_EXPORTER_OTLP_ENDPOINT
   */
  start(url: string): Promise<void>
}

/** `GET /api/tour` says how the tour fares, `POST` starts it. @throws Problem for whatever it does not do */
export function createTourRoute(
  tour: Tour | undefined,
  receiverUrl: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  let failure: string | null = null
  const describe = (): TourAnswer => {
    if (tour === undefined) return { state: 'none', failure }
    return capTexts({ state: tour.isRunning() ? 'running' : 'ready', failure })
  }
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      sendJson(response, 200, describe())
      return
    }
    if (request.method !== 'POST') {
      throw new Problem(405, 'Only GET and POST go to /api/tour.', { allow: 'GET, HEAD, POST' })
    }
    assertOwnPage(request)
    if (tour === undefined) throw new Problem(404, 'There is no tour here: `streamgauge view` has one.')
    if (tour.isRunning()) throw new Problem(409, 'The tour plays already.')
    failure = null
    tour.start(receiverUrl).catch((error: unknown) => {
      failure = errorMessage(error)
    })
    sendJson(response, 202, describe())
  }
}

/**
 * It starts programs, and so no page of another site may ask for it. Such a page can send a form, but JSON only after asking
 * whether it may (CORS), which nobody here allows; and a browser says with each POST which page it comes from.
 */
function assertOwnPage(request: IncomingMessage): void {
  const { origin, host } = request.headers
  if (origin !== undefined && hostOf(origin) !== host?.toLowerCase()) {
    throw new Problem(403, 'The page of another site may not start the tour.')
  }
  if (mediaType(request) !== MEDIA_TYPES.json) {
    throw new Problem(415, 'The request that starts the tour has the content type application/json.')
  }
}

/** With its port; undefined for the `null` of a page that has no origin. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
