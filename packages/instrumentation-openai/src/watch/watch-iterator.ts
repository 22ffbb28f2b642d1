/** Told of what the consumer of the events does. None of it may throw. */
export interface ConsumerObserver {
  /** One of the iterators of the stream was asked for an event: the SDK gives it to that one, and refuses the others. */
  isIterated: boolean
  delivered(value: unknown): void
  finished(): void
  threw(error: unknown): void
  broke(): void
  threwInto(): void
}

/**
 * The same iterator, with its consumer observed.
 *
 * `next()` gives a derived promise that settles as the original does, so that a rejection nobody handles stays one: an
 * observer on a side branch would count as a handler. The consumer's own ends, `return` and `throw`, are told before they
 * are passed on, since the SDK aborts its request as their consequence.
 *
 * @param begun called once, with what is returned here, when it is the first iterator of its stream to be asked
 */
export function watchIterator(
  iterator: AsyncIterator<unknown, unknown, unknown>,
  observer: ConsumerObserver,
  begun: (watched: object) => void,
): AsyncIterator<unknown> {
  let isReader: boolean | undefined
  const begin = (): boolean => {
    const isFirst = !observer.isIterated
    observer.isIterated = true
    if (isFirst) begun(proxy)
    return isFirst
  }
  // One that was never asked ends what nobody reads.
  const unlessOther = (tell: () => void) => (): void => {
    if (isReader ?? !observer.isIterated) tell()
  }
  const seen = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (result.done === true) observer.finished()
    else observer.delivered(result.value)
    return result
  }
  const failed = (error: unknown): never => {
    observer.threw(error)
    throw error
  }
  const { return: giveUp, throw: raise, [Symbol.asyncDispose]: dispose } = iterator as unknown as IteratorMethods
  const methods: Record<string | symbol, AnyFunction | undefined> = {
    next: (value) => {
      isReader ??= begin()
      const result = value === undefined ? iterator.next() : iterator.next(value)
      return isReader ? result.then(seen, failed) : result
    },
    return: wrap(
      iterator,
      giveUp,
      unlessOther(() => observer.broke()),
    ),
    throw: wrap(
      iterator,
      raise,
      unlessOther(() => observer.threwInto()),
    ),
    [Symbol.asyncIterator]: () => proxy,
    [Symbol.asyncDispose]: wrap(
      iterator,
      dispose,
      unlessOther(() => observer.broke()),
    ),
  }
  const proxy = new Proxy(iterator, {
    get(target, key) {
      const own = Object.hasOwn(methods, key) ? methods[key] : undefined
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value as AnyFunction).bind(target) : value
    },
  })
  return proxy
}

type AnyFunction = (...args: readonly unknown[]) => unknown

/** Its methods as plain functions: they are called on the iterator with whatever arguments come. */
interface IteratorMethods {
  readonly return?: AnyFunction
  readonly throw?: AnyFunction
  readonly [Symbol.asyncDispose]?: AnyFunction
}

function wrap(target: object, method: AnyFunction | undefined, before: () => void): AnyFunction | undefined {
  if (typeof method !== 'function') return undefined
  return (...args) => {
    before()
    return Reflect.apply(method, target, args)
  }
}
