/** The fields of an OpenAI error. */
export interface ErrorFields {
  readonly message: string
  readonly type: string
  readonly param?: string
  readonly code?: string
}

/** Writes an error as OpenAI does: all four fields, absent ones as null. */
export const formatError = ({ message, type, param, code }: ErrorFields): string =>
  JSON.stringify({ error: { message, type, param: param ?? null, code: code ?? null } })

/** A request that the server refuses, with the status and the words for it. */
export class RequestError extends Error {
  readonly status: number
  readonly code: string
  readonly param: string | undefined

  constructor(status: number, code: string, message: string, param?: string) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }
}
