import { guard } from '../guard.ts'
import { observeReads, type BodyObserver } from './body-observer.ts'

/**
 * The same response, with its body observed: each read that somebody makes is shown to the observer, and passed on
 * untouched. Nothing is read ahead, copied, queued or delayed.
 *
 * Methods run on the original object: undici checks for the brand of its own classes.
 */
export function watchResponse<T extends object>(response: T, observer: BodyObserver): T {
  return isFixed(response, 'body') ? response : new Proxy<T>(response, new ResponseHandler(observer))
}

class ResponseHandler implements ProxyHandler<object> {
  readonly #observer: BodyObserver
  #body: unknown
  #isRead = false

  constructor(observer: BodyObserver) {
    this.#observer = observer
  }

  get(target: object, key: string | symbol): unknown {
    if (key !== 'body') return bound(target, key)
    if (!this.#isRead) {
      this.#isRead = true
      this.#body = Reflect.get(target, key, target)
      // Where somebody has read it already, what is left of it is no answer: a body of node-fetch just ends then.
      if (!isUsed(target)) this.#body = watchBody(this.#body, this.#observer)
    }
    return this.#body
  }
}

function isUsed(response: object): boolean {
  return guard('the state of a body', () => 'bodyUsed' in response && response.bodyUsed === true) === true
}

function watchBody(body: unknown, observer: BodyObserver): unknown {
  return typeof body === 'object' && body !== null ? new Proxy(body, new BodyHandler(observer)) : body
}

/** Offers just what the body itself offers: a Node stream has no `getReader`, an old web stream no iterator. */
class BodyHandler implements ProxyHandler<object> {
  readonly #observer: BodyObserver

  constructor(observer: BodyObserver) {
    this.#observer = observer
  }

  get(target: object, key: string | symbol): unknown {
    const value = bound(target, key)
    if (typeof value !== 'function') return value
    if (key === Symbol.asyncIterator) return (...args: unknown[]) => watchIterator(value(...args), this.#observer)
    // A reader that brings its own buffers is nobody's in the SDK, and its reads could not be told apart from ours.
    if (key === 'getReader') {
      return (...args: unknown[]) => (args.length > 0 ? value(...args) : new WatchedReader(value(), this.#observer))
    }
    return value
  }
}

interface Reader {
  read(): unknown
  cancel(reason?: unknown): unknown
  releaseLock(): void
  readonly closed: unknown
}

class WatchedReader implements Reader {
  readonly read: () => unknown
  readonly #reader: Reader
  readonly #observer: BodyObserver

  constructor(original: unknown, observer: BodyObserver) {
    const reader = original as Reader
    this.#reader = reader
    this.#observer = observer
    // Nobody hands a default reader anything.
    this.read = observeReads(observer, () => reader.read())
  }

  cancel(...args: [reason?: unknown]): unknown {
    this.#observer.cancelled()
    return this.#reader.cancel(...args)
  }

  releaseLock(): void {
    this.#reader.releaseLock()
  }

  get closed(): unknown {
    return this.#reader.closed
  }
}

function watchIterator(original: unknown, observer: BodyObserver): object {
  const iterator = original as AsyncIterator<unknown>
  const watched = {
    next: observeReads(observer, (value) => (value === undefined ? iterator.next() : iterator.next(value))),
    [Symbol.asyncIterator]: () => watched,
    ...(iterator.return === undefined
      ? {}
      : {
          return(...args: [unknown?]) {
            observer.cancelled()
            return iterator.return?.(...args)
          },
        }),
    ...(iterator.throw === undefined ? {} : { throw: (...args: [unknown?]) => iterator.throw?.(...args) }),
  }
  return watched
}

/** What is frozen a proxy has to show as it is. */
function isFixed(target: object, key: string | symbol): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(target, key)
  return descriptor !== undefined && descriptor.configurable === false && descriptor.writable !== true
}

type AnyFunction = (...args: readonly unknown[]) => unknown

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target)
  return typeof value === 'function' && !isFixed(target, key) ? (value as AnyFunction).bind(target) : value
}
