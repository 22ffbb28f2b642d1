/**
 * Why a server couldn't start. Match on `code`: two copies of a package defeat `instanceof`.
 *
 * `port_in_use`: another program listens there. `listen_failed`: anything else; the system's error is the `cause`.
 *
 * @public
 */
export type FaultServerErrorCode = 'port_in_use' | 'listen_failed'

/**
 * The server couldn't start.
 *
 * @public
 */
export class FaultServerError extends Error {
  override readonly name = 'FaultServerError'
  readonly code: FaultServerErrorCode

  constructor(code: FaultServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Says what went wrong when a socket couldn't listen, where, and what to do. */
export const explainListenError = (error: unknown, host: string, port: number): FaultServerError => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EADDRINUSE'
    ? new FaultServerError(
        'port_in_use',
        `Port ${port} on ${host} is in use by another program: stop that, choose another port, or leave ` +
          '`port` out to get a free one.',
        { cause: error },
      )
    : new FaultServerError(
        'listen_failed',
        `Can't listen on port ${port} of ${host} (${code ?? String(error)}): check that the host is an address of this ` +
          'machine and that you may use the port.',
        { cause: error },
      )
}
