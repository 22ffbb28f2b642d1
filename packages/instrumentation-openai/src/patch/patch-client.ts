import { requestBegins, requestEnds } from '../blind/requests-under-way.ts'
import { bind, currentOperation, operationOf, runIn } from '../find-operation.ts'
import { Gauge } from '../gauge.ts'
import { guard } from '../guard.ts'
import type { Operation } from '../operation.ts'
import { claimsFor, firstOf, type Claims } from './patched.ts'

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
  /** `__binaryResponse`: the application gets the response as it is. */
  readonly options?: { readonly stream?: unknown; readonly __binaryResponse?: unknown }
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
  const { claims, isNew } = claimsFor(prototype)
  gauge.claim(claims)
  if (!isNew) return true
  prototype.makeRequest = watchedMakeRequest(claims, prototype.makeRequest)
  if (typeof prototype.parseResponseWithTimeout === 'function') {
    prototype.parseResponseWithTimeout = watchedParse(prototype.parseResponseWithTimeout)
  } else if (typeof prototype.request === 'function') {
    prototype.request = watchedRequest(prototype.request)
  }
  return true
}

/** The prototype that sends: in openai 4 that of a class below the one that applications know. */
function findOwner(prototype: ClientPrototype | undefined): ClientPrototype | undefined {
  let owner: ClientPrototype | null | undefined = prototype
  while (owner && !Object.hasOwn(owner, 'makeRequest')) owner = Object.getPrototypeOf(owner) as ClientPrototype | null
  return owner ?? undefined
}

function watchedMakeRequest(claims: Claims, original: AnyFunction): AnyFunction {
  return function (...args) {
    const retried = guard('a retry', () => retriedOperation(args))
    if (retried !== undefined) {
      retried.retried()
      return countRequest(() => Reflect.apply(original, this, args))
    }
    const gauge = firstOf(claims)
    // A watcher of another copy of this package has patches of its own.
    if (gauge instanceof Gauge && !isRetry(args)) return makeRequest(gauge, original, this, args)
    return countRequest(() => Reflect.apply(original, this, args))
  }
}

/** Requests that are being sent, by the SDK's options of them, which its retries hand on. */
const sending = new WeakMap<object, Operation>()

/** The operation that the SDK makes another attempt of. */
function retriedOperation(args: readonly unknown[]): Operation | undefined {
  const [options, retriesLeft] = args
  if (isRetry(args)) return (isObject(options) ? sending.get(options) : undefined) ?? currentOperation()
  // openai 4 tells its retries by nothing but how many are left, which the application may say of a first attempt as well.
  if (args.length > 2 || typeof retriesLeft !== 'number' || !isObject(options)) return undefined
  const operation = sending.get(options)
  return operation?.hasContext === true && currentOperation() !== operation ? undefined : operation
}

/** From openai 5 on, the SDK tells which log entry it retries. */
function isRetry(args: readonly unknown[]): boolean {
  return args.length > 2 && args[2] !== undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
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
  requestBegins()
  try {
    if (isObject(options)) sending.set(options, operation)
    const props = (await runIn(operation, send)) as ResponseProps
    guard('a response', () => {
      operation.responded(props.response, props.controller)
      if (isObject(props.controller)) bind(props.controller, operation)
      operation.own(props)
    })
    return props
  } catch (error) {
    guard('a failed request', () => operation.requestFailed(error))
    throw error
  } finally {
    requestEnds()
    if (isObject(options) && sending.get(options) === operation) sending.delete(options)
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
function watchedRequest(original: AnyFunction): AnyFunction {
  return function (...args) {
    const promise = Reflect.apply(original, this, args)
    guard('a promise', () => {
      const parsed = promise as { parseResponse?: unknown }
      if (typeof parsed.parseResponse !== 'function') return
      parsed.parseResponse = watchedParse(parsed.parseResponse as AnyFunction)
    })
    return promise
  }
}

/** Parsing ends a request that does not stream; one that streams has only begun. */
function watchedParse(original: AnyFunction): AnyFunction {
  return function (...args) {
    const parse = (): unknown => Reflect.apply(original, this, args)
    // openai 4 hands over the response alone, the others the client before it.
    const props = args.at(-1) as ResponseProps | undefined
    const operation = guard('a parser', () => operationOf(props?.controller))
    if (operation === undefined) return parse()
    if (operation.isStream) {
      if (props?.options?.__binaryResponse === true) guard('a response', () => operation.handedOver())
      return parse()
    }
    // openai 7 asks again where a body does not come in time: that belongs to the operation as well.
    return watchParse(operation, () => runIn(operation, parse))
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
