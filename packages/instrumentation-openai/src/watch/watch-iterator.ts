/** Told of what the consumer of the events does. None of it may throw. */
export interface ConsumerObserver {
  /** One of the iterators of the stream was asked for an event: the SDK gives it to that one, and refuses the others. */
  isIterated: boolean
  /** Counts up with each `own()`. */
  readonly owners: number
  /** From now on, the stream can be read for as long as somebody holds this. */
  own(owner: object): void
  delivered(value: unknown): void
  finished(): void
  threw(error: unknown): void
  broke(): void
  threwInto(): void
}

type EventIterator = AsyncIterator<unknown, unknown, unknown>
type AnyFunction = (...args: readonly unknown[]) => unknown

/**
 * The same iterator, with its consumer observed.
 *
 * `next()` gives a derived promise that settles as the original does, so that a rejection nobody handles stays one: an
 * observer on a side branch would count as a handler. The consumer's own ends, `return` and `throw`, are told before they
 * are passed on, since the SDK aborts its request as their consequence.
 */
export function watchIterator(iterator: EventIterator, observer: ConsumerObserver): EventIterator {
  const handler = new IteratorHandler(observer)
  const proxy = new Proxy(iterator, handler)
  handler.own(proxy)
  return proxy
}

/** One for each open stream: its methods are shared, and functions of its own are made when they are asked for. */
class IteratorHandler implements ProxyHandler<EventIterator> {
  readonly #observer: ConsumerObserver
  #proxy: EventIterator | undefined
  #owner = 0
  /** Whether it is the one that the SDK gives the stream to; not known before somebody asks it. */
  #isReader: boolean | undefined
  #next: AnyFunction | undefined
  /** Those that few ask for. */
  #others: Map<string | symbol, AnyFunction> | undefined

  constructor(observer: ConsumerObserver) {
    this.#observer = observer
  }

  /** The stream may be let go while its iterator, or a branch of a tee, is read on. */
  own(proxy: EventIterator): void {
    this.#proxy = proxy
    this.#observer.own(proxy)
    this.#owner = this.#observer.owners
  }

  get(target: EventIterator, key: string | symbol): unknown {
    if (key === 'next') return (this.#next ??= this.#watchNext(target))
    const made = this.#others?.get(key)
    if (made !== undefined) return made
    const value: unknown = Reflect.get(target, key, target)
    if (typeof value !== 'function') return value
    const method = this.#wrap(target, key, value as AnyFunction)
    if (method === undefined) return (value as AnyFunction).bind(target)
    this.#others ??= new Map()
    this.#others.set(key, method)
    return method
  }

  #wrap(target: EventIterator, key: string | symbol, original: AnyFunction): AnyFunction | undefined {
    const observer = this.#observer
    switch (key) {
      case Symbol.asyncIterator:
        return () => this.#proxy
      case 'return':
      case Symbol.asyncDispose:
        return (...args) => {
          if (this.#isOnlyReader()) observer.broke()
          return Reflect.apply(original, target, args)
        }
      case 'throw':
        return (...args) => {
          if (this.#isOnlyReader()) observer.threwInto()
          return Reflect.apply(original, target, args)
        }
      default:
        return undefined
    }
  }

  #watchNext(iterator: EventIterator): AnyFunction {
    const observer = this.#observer
    const seen = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
      if (result.done === true) observer.finished()
      else observer.delivered(result.value)
      return result
    }
    const failed = (error: unknown): never => {
      observer.threw(error)
      throw error
    }
    return (value) => {
      this.#isReader ??= this.#begin()
      const result = value === undefined ? iterator.next() : iterator.next(value)
      return this.#isReader ? result.then(seen, failed) : result
    }
  }

  #begin(): boolean {
    const observer = this.#observer
    const isFirst = !observer.isIterated
    observer.isIterated = true
    // Of several iterators, the one that is asked first is the one that reads.
    if (isFirst && this.#proxy !== undefined && observer.owners !== this.#owner) observer.own(this.#proxy)
    return isFirst
  }

  /** One that was never asked ends what nobody reads. */
  #isOnlyReader(): boolean {
    return this.#isReader ?? !this.#observer.isIterated
  }
}
