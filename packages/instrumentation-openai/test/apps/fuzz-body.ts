import { setImmediate as nextTurn } from 'node:timers/promises'

/** How a body is served, and how it ends. */
export interface FuzzBody {
  /** What each read brings, in base64. */
  readonly reads: readonly string[]
  readonly end: 'close' | 'reset' | 'premature' | 'protocol' | 'timeout' | 'bare'
  /** Turns of the event loop before each read, used in turn. */
  readonly turns: readonly number[]
  /** The body fails when the request is aborted, as that of a real fetch does. */
  readonly heedsAbort: boolean
  /** A body in the manner of node-fetch: it has no reader. */
  readonly isIterable: boolean
}

/** A body that was served. */
export interface ServedBody {
  readonly body: unknown
  /** What was asked of it, in order. */
  readonly log: string[]
  /** The very error that it failed with. */
  readonly error: Error | undefined
  /** Reads that it has given. */
  reads: number
}

const CODES = {
  reset: 'ECONNRESET',
  premature: 'UND_ERR_SOCKET',
  protocol: 'HPE_INVALID_CHUNK_SIZE',
  timeout: 'UND_ERR_BODY_TIMEOUT',
} as const

/** The error that a body ends with. */
export function errorOf(end: FuzzBody['end']): Error | undefined {
  if (end === 'close') return undefined
  if (end === 'bare') return new Error('boom')
  return new TypeError('terminated', { cause: Object.assign(new Error(`it was ${end}`), { code: CODES[end] }) })
}

/** Lets so many turns of the event loop pass. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

/** Serves a body: one piece for each read that is asked for, none before. */
export function serveBody(how: FuzzBody, signal: AbortSignal | null | undefined): ServedBody {
  const log: string[] = []
  const error = errorOf(how.end)
  const served: ServedBody = { body: undefined, log, error, reads: 0 }
  const next = async (): Promise<Uint8Array | undefined> => {
    log.push('pull')
    const piece = how.reads[served.reads]
    await turns(how.turns[served.reads % Math.max(1, how.turns.length)] ?? 0)
    if (piece !== undefined) {
      served.reads++
      return Buffer.from(piece, 'base64')
    }
    if (error !== undefined) throw error
    return undefined
  }
  return Object.assign(served, {
    body: how.isIterable ? iterable(next, log) : readable(next, log, how.heedsAbort ? signal : undefined),
  })
}

function readable(
  next: () => Promise<Uint8Array | undefined>,
  log: string[],
  signal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array> {
  let isOver = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal?.addEventListener('abort', () => {
          if (isOver) return
          isOver = true
          log.push('aborted')
          controller.error(signal.reason)
        })
      },
      async pull(controller) {
        const piece = await next()
        if (isOver) return
        if (piece !== undefined) return controller.enqueue(piece)
        isOver = true
        controller.close()
      },
      cancel() {
        isOver = true
        log.push('cancel')
      },
    },
    { highWaterMark: 0 },
  )
}

function iterable(next: () => Promise<Uint8Array | undefined>, log: string[]): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const value = await next()
        return value === undefined ? { value, done: true } : { value, done: false }
      },
      async return() {
        log.push('return')
        return { value: undefined, done: true }
      },
    }),
  }
}
