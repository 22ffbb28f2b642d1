import type { AnswerRequest, Api } from '../answer/answer.ts'
import { RequestError } from './error-body.ts'

/** The largest `n`: choices multiply the answer. */
const MAX_CHOICES = 16

/** Reads what the answer depends on from a request's JSON; everything else is taken and ignored. */
export const readAnswerRequest = <Name extends Api>(
  api: Name,
  fields: Readonly<Record<string, unknown>>,
): AnswerRequest & { readonly api: Name } => {
  const { model = 'plain', stream, stream_options: streamOptions, n = 1 } = fields
  if (typeof model !== 'string') throw new RequestError(400, 'invalid_model', 'The model must be a string.', 'model')
  if (!Number.isInteger(n) || (n as number) < 1 || (n as number) > MAX_CHOICES) {
    throw new RequestError(400, 'invalid_n', `n must be an integer from 1 to ${MAX_CHOICES}.`, 'n')
  }
  const options = (streamOptions ?? {}) as { readonly include_usage?: unknown }
  return { api, model, stream: stream === true, includeUsage: options.include_usage === true, choices: n as number }
}
