import type { Injector } from '../injector.ts'
import { h2CancelStream } from './h2-cancel-stream.ts'
import { h2Goaway } from './h2-goaway.ts'
import { h2ResetStream } from './h2-reset-stream.ts'

/**
 * What only HTTP/2 has to go wrong, one file each: for a server that was started with `http2: true`.
 *
 * @public
 */
export const HTTP2_FAULTS: readonly Injector[] = [h2ResetStream, h2CancelStream, h2Goaway]
