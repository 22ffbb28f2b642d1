import { context } from '@opentelemetry/api'
import { requestBegins, requestEnds } from '../blind/requests-under-way.ts'
import type { Gauge } from '../gauge.ts'
import { guard } from '../guard.ts'
import { claim } from './patched.ts'

type AnyFunction = (this: unknown, ...args: readonly unknown[]) => unknown

/** The prototype of the SDK's client, as far as it is patched. */
interface ClientPrototype {
  /** Sends a request and its retries; all calls of all resources come through it. */
  makeRequest?: AnyFunction
  /** openai 4 to 6: gives the promise that the application gets. */
  request?: AnyFunction
  /** openai 7: parses what does not stream. */
  parseResponseWithTimeout?: AnyFunction
}

/** The part of a finished request that is read here. */
interface ResponseProps {
  readonly response?: unknown
  readonly controller?: unknown
  readonly options?: { readonly stream?: unknown }
}

/**
 * Patches the client class of openai: each request of a model becomes an operation.
 *
 * @returns whether there was something to patch; a class that was patched before counts
 */
export function patchClient(gauge: Gauge, client: unknown): boolean {
  if (typeof client !== 'function') return false
  const prototype = findOwner(client.prototype as ClientPrototype | undefined)
  if (typeof prototype?.makeRequest !== 'function') return false
  if (!claim(prototype, gauge)) return true
  prototype.makeRequest = watchedMakeRequest(gauge, prototype.makeRequest)
  if (typeof prototype.parseResponseWithTimeout === 'function') {
    prototype.parseResponseWithTimeout = watchedParse(gauge, prototype.parseResponseWithTimeout)
  } else if (typeof prototype.request === 'function') {
    prototype.request = watchedRequest(gauge, prototype.request)
  }
  return true
}

/** The prototype that sends: in openai 4 that of a class below the one that applications know. */
function findOwner(prototype: ClientPrototype | undefined): ClientPrototype | undefined {
  let owner: ClientPrototype | null | undefined = prototype
  while (owner && !Object.hasOwn(owner, 'makeRequest')) owner = Object.getPrototypeOf(owner) as ClientPrototype | null
  return owner ?? undefined
}

function watchedMakeRequest(gauge: Gauge, original: AnyFunction): AnyFunction {
  return function (...args) {
    if (gauge.isEnabled && !isRetry(args)) return makeRequest(gauge, original, this, args)
    if (gauge.isEnabled) guard('a retry', () => gauge.currentOperation()?.retried())
    return countRequest(() => Reflect.apply(original, this, args))
  }
}

/**
 * Whether the SDK calls itself for another attempt: it tells then which log entry it retries. openai 4 has no such argument,
 * but only its retries say how many attempts are left.
 */
function isRetry(args: readonly unknown[]): boolean {
  return args.length > 2 ? args[2] !== undefined : typeof args[1] === 'number'
}

/** One chain, so that a rejection that nobody handles stays one, and is reported once. */
async function makeRequest(
  gauge: Gauge,
  original: AnyFunction,
  client: unknown,
  args: readonly unknown[],
): Promise<unknown> {
  const options = await args[0]
  const operation = guard('the start of a request', () => gauge.begin(client, options))
  const send = (): unknown => Reflect.apply(original, client, [options, ...args.slice(1)])
  if (operation === undefined) return countRequest(send)
  try {
    const props = (await countRequest(() => context.with(gauge.contextOf(operation), send))) as ResponseProps
    guard('a response', () => {
      operation.responded(props.response, props.controller)
      if (typeof props.controller === 'object' && props.controller !== null) gauge.bind(props.controller, operation)
      gauge.ownedBy(props, operation)
    })
    return props
  } catch (error) {
    guard('a failed request', () => operation.requestFailed(error))
    throw error
  }
}

async function countRequest(send: () => unknown): Promise<unknown> {
  requestBegins()
  try {
    return await send()
  } finally {
    requestEnds()
  }
}

/** openai 4 to 6: the parser is a plain property of the promise, and everything derived from the promise uses it. */
function watchedRequest(gauge: Gauge, original: AnyFunction): AnyFunction {
  return function (...args) {
    const promise = Reflect.apply(original, this, args)
    guard('a promise', () => {
      const parsed = promise as { parseResponse?: unknown }
      if (typeof parsed.parseResponse !== 'function') return
      parsed.parseResponse = watchedParse(gauge, parsed.parseResponse as AnyFunction)
    })
    return promise
  }
}

/** Parsing ends a request that does not stream; one that streams has only begun. */
function watchedParse(gauge: Gauge, original: AnyFunction): AnyFunction {
  return function (...args) {
    const parse = (): unknown => Reflect.apply(original, this, args)
    // openai 4 hands over the response alone, the others the client before it.
    const props = args.at(-1) as ResponseProps | undefined
    const operation = guard('a parser', () => gauge.operationOf(props?.controller))
    if (operation === undefined || operation.isStream) return parse()
    // openai 7 asks again where a body does not come in time: that belongs to the operation as well.
    return watchParse(operation, () => context.with(gauge.contextOf(operation), parse))
  }
}

async function watchParse(
  operation: { answered(value: unknown): void; answerFailed(error: unknown): void },
  parse: () => unknown,
): Promise<unknown> {
  try {
    const value = await parse()
    guard('an answer', () => operation.answered(value))
    return value
  } catch (error) {
    guard('a failed answer', () => operation.answerFailed(error))
    throw error
  }
}
