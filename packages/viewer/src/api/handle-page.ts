import type { IncomingMessage, ServerResponse } from 'node:http'

import type { FoundStream } from '../queries/find-streams.ts'
import type { Store } from '../store/store.ts'
import type { StreamConditions } from '../queries/stream-conditions.ts'
import type { CatalogueAnswer, OverviewAnswer, ParseErrorsAnswer, StreamsAnswer } from './answers.ts'
import type { QueryParameters } from './read-parameters.ts'
import type { Tour } from './tour.ts'

import { ANOMALY_CATALOGUE, FAULTS } from '@streamgauge/core'

import { errorMessage } from '../error-fields.ts'
import { adviseOn, type Advice } from '../settings/index.ts'
import { findPageFile } from '../page-files.ts'
import { findStream, findStreams } from '../queries/find-streams.ts'
import { readOverview } from '../queries/overview.ts'
import { parseErrorRate } from '../queries/parse-error-rate.ts'
import { readParseErrors } from '../queries/parse-errors.ts'
import { streamColumnsOf } from '../stream-index/stream-index.ts'
import { capTexts } from './cap-texts.ts'
import { CAUSE_MEANINGS, CONFIDENCE_MEANINGS } from './cause-meanings.ts'
import { toChunkFile } from './chunk-file.ts'
import { createLive } from './live.ts'
import { Problem } from './problem.ts'
import { formatCursor, readCursor, readInteger, readParameters } from './read-parameters.ts'
import { send, sendJson } from './send.ts'
import { summarise, toStreamAnswer } from './stream-answer.ts'
import { createTourRoute } from './tour.ts'
import { toTraceUrl } from './trace-url.ts'

/** Answers what a browser asks for; false for what is OTLP's. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean

/** Rows of a page of the list. */
const PAGE_SIZE = { min: 1, max: 500, otherwise: 100 }

/** Parameters of what is counted. */
const COUNTED = ['service', 'model', 'host', 'since', 'until'] as const

/** Parameters by which streams are told apart. */
const FILTERS = [...COUNTED, 'outcome', 'fault', 'cause', 'text'] as const

/** Milliseconds since 1970, which SQLite holds as nanoseconds. */
const TIME = { min: 0, max: 9e12 }

/** What the page is told beside what the store holds. */
export interface PageOptions {
  /** Without a slash at its end. */
  readonly grafanaUrl: string | undefined
  readonly tour: Tour | undefined
  /** The viewer's own. */
  readonly url: string
}

/** The page and its JSON API, over what a store holds. */
export function createPageHandler(store: Store, options: PageOptions): PageHandler {
  const live = createLive(store)
  const answerTour = createTourRoute(options.tour, options.url)
  streamColumnsOf(store) // now, so that the first page doesn't wait for it
  return (request, response) => {
    const url = readUrl(request)
    const isApi = url.pathname.startsWith('/api/')
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (url.pathname.startsWith('/v1/') || (!reads && !isApi)) return false
    try {
      if (url.pathname === '/api/tour') answerTour(request, response)
      else if (!reads) throw new Problem(405, `Only GET goes to ${url.pathname}.`, { allow: 'GET, HEAD' })
      else if (url.pathname === '/api/live') live.listen(request, response)
      else if (isApi) answerApi(store, url, response, options)
      else answerFile(url, response)
    } catch (error) {
      answerProblem(response, error)
    }
    return true
  }
}

function readUrl(request: IncomingMessage): URL {
  // The base is never seen: it makes an address of the path alone. `//host` is a path here, not a host.
  const target = (request.url ?? '/').replace(/^\/+/, '/')
  return URL.canParse(target, 'http://localhost') ? new URL(target, 'http://localhost') : new URL('http://localhost/?')
}

function answerApi(store: Store, url: URL, response: ServerResponse, { grafanaUrl }: PageOptions): void {
  const [, , name = '', ...rest] = url.pathname.split('/')
  const [traceId = '', spanId = '', file] = rest
  if (name === 'streams' && rest.length === 2) {
    readParameters(url.searchParams, [])
    const answer = toStreamAnswer(store, requireStream(store, traceId, spanId))
    sendJson(response, 200, { ...capTexts(answer), traceUrl: toTraceUrl(grafanaUrl, answer.stream) })
  } else if (name === 'streams' && rest.length === 3 && file === 'chunk.sse') {
    sendChunk(response, requireStream(store, traceId, spanId))
  } else {
    const answer = rest.length === 0 && Object.hasOwn(ANSWERS, name) ? ANSWERS[name as keyof typeof ANSWERS] : undefined
    if (answer === undefined) throw new Problem(404, 'There is no such thing in this API.')
    sendJson(response, 200, capTexts(answer(store, url.searchParams)))
  }
}

const ANSWERS = {
  streams(store: Store, query: URLSearchParams): StreamsAnswer {
    const { limit, cursor, ...filters } = readParameters(query, [...FILTERS, 'limit', 'cursor'])
    const page = { limit: readInteger('limit', limit, PAGE_SIZE), after: readCursor(cursor) }
    const { streams, next, matching } = findStreams(store, readConditions(filters), page)
    return { streams: streams.map(summarise), next: next === null ? null : formatCursor(next), matching }
  },
  overview(store: Store, query: URLSearchParams): OverviewAnswer {
    const conditions = readConditions(readParameters(query, FILTERS))
    return { ...readOverview(store, conditions), parseErrors: parseErrorRate(store) }
  },
  'parse-errors'(store: Store, query: URLSearchParams): ParseErrorsAnswer {
    return readParseErrors(store, readConditions(readParameters(query, COUNTED)))
  },
  faults(_: Store, query: URLSearchParams): CatalogueAnswer {
    readParameters(query, [])
    return { faults: FAULTS, anomalies: ANOMALY_CATALOGUE, causes: CAUSE_MEANINGS, confidences: CONFIDENCE_MEANINGS }
  },
  settings(_: Store, query: URLSearchParams): Advice {
    const { for: name = '' } = readParameters(query, ['for'])
    return adviseOn(name)
  },
}

function readConditions({ since, until, ...filters }: QueryParameters<(typeof FILTERS)[number]>): StreamConditions {
  return {
    ...filters,
    sinceMs: readInteger('since', since, { ...TIME, otherwise: TIME.min }),
    untilMs: until === undefined ? undefined : readInteger('until', until, { ...TIME, otherwise: TIME.max }),
  }
}

function requireStream(store: Store, traceId: string, spanId: string): FoundStream {
  const stream = findStream(store, traceId, spanId)
  if (stream === undefined) {
    throw new Problem(404, 'There is no stream of these ids: the oldest go when the store is full.')
  }
  return stream
}

function sendChunk(response: ServerResponse, { chunk, spanId }: FoundStream): void {
  if (chunk === null || chunk.raw === null) throw new Problem(404, 'No chunk of this stream was recorded.')
  send(response, 200, toChunkFile(chunk, spanId))
}

function answerFile(url: URL, response: ServerResponse): void {
  const file = findPageFile(url.pathname)
  if (file === undefined) throw new Problem(404, 'There is no such page.')
  send(response, 200, file)
}

function answerProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const problem = error instanceof Problem ? error : new Problem(500, `The viewer failed: ${errorMessage(error)}`)
  sendJson(response, problem.status, { message: problem.message }, problem.headers)
}
