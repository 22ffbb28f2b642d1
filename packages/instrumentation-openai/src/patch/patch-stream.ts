import { operationOf } from '../find-operation.ts'
import type { Gauge } from '../gauge.ts'
import { guard } from '../guard.ts'
import type { Operation } from '../operation.ts'
import { watchIterator } from '../watch/watch-iterator.ts'
import { watchResponse } from '../watch/watch-response.ts'
import { claimsFor } from './patched.ts'

type AnyFunction = (this: unknown, ...args: readonly unknown[]) => unknown

/**
 * Patches `Stream.fromSSEResponse`, through which every event stream of the SDK passes: the body below it and the iterator
 * above it are observed.
 *
 * @returns whether there was something to patch; a class that was patched before counts
 */
export function patchStream(gauge: Gauge, stream: unknown): boolean {
  const owner = stream as { fromSSEResponse?: AnyFunction } | undefined
  if (typeof stream !== 'function' || typeof owner?.fromSSEResponse !== 'function') return false
  const { claims, isNew } = claimsFor(stream)
  gauge.claim(claims)
  if (!isNew) return true
  const original = owner.fromSSEResponse
  owner.fromSSEResponse = function (...args) {
    const [response, controller, ...rest] = args
    // Whoever saw the request sees its stream, though it may have been disabled in between.
    const operation = guard('a stream', () => operationOf(controller))
    if (operation === undefined || typeof response !== 'object' || response === null) {
      return Reflect.apply(original, this, args)
    }
    operation.streaming()
    const made = Reflect.apply(original, this, [watchResponse(response, operation), controller, ...rest])
    guard('a stream', () => watchStream(made, operation))
    return made
  }
  return true
}

/** `iterator` is what iteration, `tee()` and `toReadableStream()` all begin with: one place sees every way of reading. */
function watchStream(made: unknown, operation: Operation): void {
  const stream = made as { iterator?: AnyFunction }
  const original = stream.iterator
  if (typeof original !== 'function') return
  operation.own(stream)
  stream.iterator = function (...args) {
    const iterator = Reflect.apply(original, this, args) as AsyncIterator<unknown, unknown, unknown>
    // The SDK refuses a second iteration by an error of its own: it says nothing of the first.
    if (operation.isIterated) return iterator
    return guard('an iterator', () => watchIterator(iterator, operation)) ?? iterator
  }
}
