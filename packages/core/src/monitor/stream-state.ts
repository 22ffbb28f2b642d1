/**
 * The life of a stream, as one table.
 *
 * ```
 * requested --headers--> open --pull--> waiting --bytes--> consuming --pull--> waiting …
 *                                          |  eof, error, cancel   |
 *                                          +------> drained <------+     any --finish--> ended
 * ```
 */
export type StreamState =
  /** The request is out; no headers yet. */
  | 'requested'
  /** The headers are in; nobody has asked for bytes. */
  | 'open'
  /** Bytes were asked for: whatever time passes now is the network's. */
  | 'waiting'
  /** Bytes were handed over: whatever time passes now is the consumer's. */
  | 'consuming'
  /** The body has ended; the consumer has not come to its own end yet. */
  | 'drained'
  /** Judged. Nothing that comes later counts. */
  | 'ended'

/** What can happen to a stream. */
export type StreamSignal = 'headers' | 'pull' | 'bytes' | 'eof' | 'error' | 'cancel' | 'finish'

const TRANSITIONS: Readonly<Record<StreamState, Partial<Readonly<Record<StreamSignal, StreamState>>>>> = {
  requested: {
    headers: 'open',
    pull: 'waiting',
    bytes: 'consuming',
    eof: 'drained',
    error: 'drained',
    finish: 'ended',
  },
  open: { pull: 'waiting', bytes: 'consuming', eof: 'drained', error: 'drained', cancel: 'drained', finish: 'ended' },
  waiting: {
    pull: 'waiting',
    bytes: 'consuming',
    eof: 'drained',
    error: 'drained',
    cancel: 'drained',
    finish: 'ended',
  },
  consuming: {
    pull: 'waiting',
    bytes: 'consuming',
    eof: 'drained',
    error: 'drained',
    cancel: 'drained',
    finish: 'ended',
  },
  drained: { finish: 'ended' },
  ended: {},
}

/** The state after a signal; `undefined` where the signal means nothing in this state and is to be ignored. */
export function nextState(state: StreamState, signal: StreamSignal): StreamState | undefined {
  return TRANSITIONS[state][signal]
}
