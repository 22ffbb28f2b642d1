/**
 * What went wrong, stable across releases. Match on this, not on the class or the message: with two copies of the package
 * in one process `instanceof` lies.
 *
 * `port_in_use`: another program listens there · `listen_failed`: the system refused the port for another reason ·
 * `cannot_open`: the database file can't be opened or created · `foreign_file`: the file belongs to another program ·
 * `newer_schema`: a newer Streamgauge wrote the file · `store_closed`: the store was closed before or during the call.
 *
 * @public
 */
export type ViewerErrorCode =
  | 'port_in_use'
  | 'listen_failed'
  | 'cannot_open'
  | 'foreign_file'
  | 'newer_schema'
  | 'store_closed'

/**
 * The one error class of this package. Its message is one sentence: what happened, where, and what to do.
 *
 * @public
 */
export class ViewerError extends Error {
  override readonly name = 'ViewerError'
  readonly code: ViewerErrorCode

  constructor(code: ViewerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
