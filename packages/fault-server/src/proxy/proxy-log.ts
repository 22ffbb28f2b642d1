import type { MissReason } from './proxy-fault.ts'

/**
 * What became of a request: `open` it isn't over; `passed` the answer went on untouched to its end; `struck` the fault did its
 * harm; `missed` a fault was due and found nothing to break, so the answer went on; `upstream_failed` the upstream broke off by
 * itself, or couldn't be asked; `client_left` before its answer was over.
 *
 * @public
 */
export type ProxiedState = 'open' | 'passed' | 'struck' | 'missed' | 'upstream_failed' | 'client_left'

/**
 * One request as the proxy saw it. No header and no query: nothing secret.
 *
 * @public
 */
export interface ProxiedRequest {
  /** From 1, in the order in which requests came; one with a JSON body came when all of that was there. */
  readonly number: number
  /** Milliseconds since the proxy started. */
  readonly atMs: number
  readonly method: string
  readonly path: string
  /** The field `model` of a JSON body. */
  readonly model: string | undefined
  /** The body asked for a stream. */
  readonly stream: boolean
  /** Which attempt of the SDK's it was, from 0. */
  readonly attempt: number
  /** The fault that the schedule chose. */
  readonly fault: string | undefined
  readonly state: ProxiedState
  /** Why a fault missed, or the code of the error with which the upstream failed. */
  readonly reason: MissReason | (string & {}) | undefined
  /** What the upstream answered; absent where it wasn't asked, or didn't. */
  readonly upstreamStatus: number | undefined
  /** How many bytes of the body the client was sent before the fault struck. */
  readonly struckAfterBytes: number | undefined
  /** How many bytes of the body the client was sent. */
  readonly bytes: number
}

/** A line of the log while it is written. */
export type LogEntry = { -readonly [Name in keyof ProxiedRequest]: ProxiedRequest[Name] }

/** What became of each request, the latest alone. */
export interface ProxyLog {
  readonly entries: readonly ProxiedRequest[]
  add(entry: LogEntry): LogEntry
}

/** Makes an empty log of at most so many entries. */
export const createProxyLog = (maxEntries: number): ProxyLog => {
  const entries: LogEntry[] = []
  return {
    entries,
    add: (entry) => {
      entries.push(entry)
      if (entries.length > maxEntries) entries.shift()
      return entry
    },
  }
}

/** Says how a request ended, unless that was said before: what happens first is what happened. */
export const settleEntry = (entry: LogEntry, state: ProxiedState, reason?: LogEntry['reason']): void => {
  if (entry.state !== 'open') return
  entry.state = state
  entry.reason = reason
}
