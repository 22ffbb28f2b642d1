import type { IncomingMessage } from 'node:http'
import { wholeJson, type Answer, type AnswerRequest, type AnswerShape } from '../answer/answer.ts'
import { readRunId } from '../answer/assistants.ts'
import { buildAnswer } from '../answer/build-answer.ts'
import { createRandom, formatCanonically, hashSeed } from '../answer/random.ts'
import { readResponseId } from '../answer/responses.ts'
import { HEALTHY } from '../healthy/index.ts'
import { plain } from '../healthy/plain.ts'
import { listApis, speaks, type Injector } from '../injector.ts'
import type { Connection } from './connection.ts'
import { RequestError } from './error-body.ts'
import { BARE_REQUEST, readAnswerRequest } from './read-answer-request.ts'
import { readFields } from './read-body.ts'
import type { StoredResponse } from './recent.ts'
import type { Route } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** What to play, on which answer. */
export interface Prepared {
  readonly request: AnswerRequest
  readonly answer: Answer
  readonly injector: Injector
  readonly requestId: string
}

type Prepare<Kind extends Route['kind']> = (
  context: ServerContext,
  incoming: IncomingMessage,
  url: URL,
  route: Extract<Route, { readonly kind: Kind }>,
) => Promise<Prepared>

const createRequestId = (seed: number): string => `req_${createRandom(~seed).letters(32).toLowerCase()}`

/** The control route comes first, then the header, then the model. */
const chooseInjector = (context: ServerContext, incoming: IncomingMessage, model: string): Injector => {
  const header = incoming.headers['x-fault']
  const armed = context.armed.take()
  if (armed !== undefined) return armed
  if (typeof header === 'string') return context.catalogue.find(header, 'x-fault')
  return context.catalogue.findByModel(model)
}

/** Refuses what an injector can't do, rather than answer something else. */
const checkFit = (injector: Injector, request: AnswerRequest): void => {
  const { name, alsoUnstreamed } = injector
  if (!request.stream) {
    if (alsoUnstreamed === true || HEALTHY.some((healthy) => healthy.name === name)) return
    throw new RequestError(400, 'stream_required', `"${name}" breaks a stream: ask for it with stream: true.`, 'stream')
  }
  if (request.api !== 'models' && !speaks(injector, request.api)) {
    const apis = listApis(injector).join(', ')
    throw new RequestError(400, 'wrong_api', `"${name}" works with ${apis} only, and this is ${request.api}.`, 'model')
  }
}

const prepareCreate: Prepare<'create'> = async (context, incoming, url, route) => {
  const fields = await readFields(incoming)
  // A run goes on with the model that it began with; one that nobody began here is as good as any.
  const model = context.runModels.get(route.runId ?? '') ?? plain.name
  const request = readAnswerRequest(route, fields, model)
  const injector = chooseInjector(context, incoming, request.model)
  checkFit(injector, request)
  const shape: AnswerShape = injector.answer ?? {}
  const seed = hashSeed(context.settings.seed, url.pathname, formatCanonically(fields))
  const answer = buildAnswer(request, shape, createRandom(seed))
  if (request.api === 'responses') {
    const stored: StoredResponse = { request: { ...request, api: 'responses' }, shape, seed }
    context.responses.set(readResponseId(answer), stored)
  }
  if (request.api === 'assistants') context.runModels.set(readRunId(answer), request.model)
  return { request, answer, injector, requestId: createRequestId(seed) }
}

/** Builds a stored response once more, as it would have been without its fault, from after a sequence number on. */
const prepareRetrieve: Prepare<'retrieve'> = (context, incoming, url, { id }) => {
  const stored = context.responses.get(id)
  if (stored === undefined) throw new RequestError(404, 'response_not_found', `There is no response "${id}".`, 'id')
  const request = { ...stored.request, stream: url.searchParams.get('stream') === 'true' }
  const injector = chooseInjector(context, incoming, plain.name)
  checkFit(injector, request)
  const startingAfter = Number(url.searchParams.get('starting_after') ?? -1)
  if (!Number.isInteger(startingAfter)) {
    throw new RequestError(400, 'invalid_starting_after', 'starting_after must be an integer.', 'starting_after')
  }
  const { events, whole } = buildAnswer(request, { ...stored.shape, end: 'completed' }, createRandom(stored.seed))
  // The n-th event has the sequence number n.
  const answer = { events: events.slice(startingAfter + 1), whole }
  return Promise.resolve({ request, answer, injector, requestId: createRequestId(stored.seed) })
}

const prepareModels: Prepare<'models'> = (context, incoming) => {
  const request = BARE_REQUEST
  const injector = chooseInjector(context, incoming, plain.name)
  checkFit(injector, request)
  const data = context.catalogue.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'streamgauge' }))
  const answer = { events: [], whole: wholeJson({ object: 'list', data }) }
  return Promise.resolve({ request, answer, injector, requestId: createRequestId(context.settings.seed) })
}

/** Decides what a request gets. Rejects with a `RequestError` that tells the client why it gets nothing. */
export const prepare = async (
  context: ServerContext,
  incoming: IncomingMessage,
  url: URL,
  route: Exclude<Route, { readonly kind: 'arm' }>,
  http: Connection['http'],
): Promise<Prepared> => {
  const prepared = await prepareRoute(context, incoming, url, route)
  checkHttp(prepared.injector, http)
  return prepared
}

const checkHttp = ({ name, http: needed }: Injector, http: Connection['http']): void => {
  if (needed === undefined || needed === http) return
  const remedy = needed === 2 ? 'use startFaultServer({ http2: true })' : 'start the server without http2'
  throw new RequestError(400, 'wrong_http', `"${name}" needs HTTP/${needed}: ${remedy}.`, 'model')
}

const prepareRoute: Prepare<Exclude<Route['kind'], 'arm'>> = async (context, incoming, url, route) => {
  switch (route.kind) {
    case 'create':
      return prepareCreate(context, incoming, url, route)
    case 'retrieve':
      return prepareRetrieve(context, incoming, url, route)
    case 'models':
      return prepareModels(context, incoming, url, route)
    default:
      return route satisfies never
  }
}
