import type { ProxyFault } from '../proxy-fault.ts'
import { ALTERED_EVENT } from './altered-event.ts'
import { BROKEN_STREAM } from './broken-stream.ts'
import { DELAYED_ANSWER } from './delayed-answer.ts'
import { INSTEAD_OF_UPSTREAM } from './instead-of-upstream.ts'

/**
 * What a proxy can do to a real answer. One that has the name of a fault of the server looks the same from the client's end.
 *
 * @public
 */
export const PROXY_FAULTS: readonly ProxyFault[] = [
  ...INSTEAD_OF_UPSTREAM,
  ...BROKEN_STREAM,
  ...ALTERED_EVENT,
  ...DELAYED_ANSWER,
]
