/** HTTP statuses of requests that the page's side of the server does not answer. */
export type ProblemStatus = 400 | 403 | 404 | 405 | 409 | 415 | 500 | 503

/** A request that isn't answered: its status, one sentence of why, and headers that go with the status. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: ProblemStatus
  readonly headers: Readonly<Record<string, string>>

  constructor(status: ProblemStatus, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
