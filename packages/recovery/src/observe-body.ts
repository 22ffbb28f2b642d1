import { isRecord } from './records.ts'

/** Told of what is read of a body, by whoever reads it. */
export interface BodyObserver {
  pulled(): void
  read(chunk: Uint8Array): void
  ended(): void
  failed(error: unknown): void
  cancelled(): void
}

/**
 * Lets an observer see each read of a response's body; the reads themselves go through as they are. The SDKs of OpenAI ask
 * for the body when the first event is asked for, so this must be done before.
 *
 * @returns whether it could be done: not with a body that somebody has begun to read, nor with a response that is frozen
 */
export function observeBody(response: unknown, observer: BodyObserver): boolean {
  if (!isRecord(response) || response['bodyUsed'] === true) return false
  const { body } = response
  if (!isRecord(body)) return false
  const value = new Proxy(body, { get: (target, key) => readMember(target, key, observer) })
  return Reflect.defineProperty(response, 'body', { value, configurable: true })
}

type AnyFunction = (...args: readonly unknown[]) => unknown

/** Offers just what the body itself offers: a stream of Node.js has no `getReader`. Its methods run on the body itself. */
function readMember(body: object, key: string | symbol, observer: BodyObserver): unknown {
  const value: unknown = Reflect.get(body, key, body)
  if (typeof value !== 'function') return value
  const method = (value as AnyFunction).bind(body)
  if (key === Symbol.asyncIterator) {
    return (...args: readonly unknown[]) => observeIterator(method(...args) as AsyncIterator<unknown>, observer)
  }
  if (key === 'getReader') {
    return (...args: readonly unknown[]) => {
      const reader = method(...args) as ReadableStreamDefaultReader<unknown>
      // A reader that brings its own buffers can't be told by what it is given.
      return args.length > 0 ? reader : observeReader(reader, observer)
    }
  }
  return method
}

interface Read {
  readonly done?: boolean | undefined
  readonly value?: unknown
}

async function observeRead<T extends Read>(observer: BodyObserver, read: () => Promise<T>): Promise<T> {
  observer.pulled()
  let result: T
  try {
    result = await read()
  } catch (error) {
    observer.failed(error)
    throw error
  }
  if (result.done === true) observer.ended()
  else observer.read(toBytes(result.value))
  return result
}

function observeReader(reader: ReadableStreamDefaultReader<unknown>, observer: BodyObserver): object {
  return {
    read: () => observeRead(observer, () => reader.read()),
    cancel(reason?: unknown) {
      observer.cancelled()
      return reader.cancel(reason)
    },
    releaseLock: () => reader.releaseLock(),
    get closed() {
      return reader.closed
    },
  }
}

function observeIterator(iterator: AsyncIterator<unknown>, observer: BodyObserver): AsyncIterableIterator<unknown> {
  return {
    next: () => observeRead(observer, () => iterator.next()),
    async return(value?: unknown) {
      observer.cancelled()
      return (await iterator.return?.(value)) ?? { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What else the SDKs take for bytes. */
function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return new TextEncoder().encode(value)
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array()
}
