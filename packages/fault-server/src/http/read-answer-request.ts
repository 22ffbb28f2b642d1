import type { AnswerRequest, StreamingApi } from '../answer/answer.ts'
import { RequestError } from './error-body.ts'
import type { Fields } from './read-body.ts'
import type { CreateRoute } from './route.ts'

/** The largest `n`: choices multiply the answer. */
const MAX_CHOICES = 16

/** A request that asks for nothing in particular. */
export const BARE_REQUEST: AnswerRequest = {
  api: 'models',
  model: '',
  stream: false,
  includeUsage: false,
  choices: 1,
  hasToolOutput: false,
  isAzure: false,
  isEdit: false,
  threadId: undefined,
  runId: undefined,
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined

/** The last thing that was said, in chat and in Responses, is the output of a tool. */
const endsInToolOutput = ({ messages, input }: Fields): boolean => {
  const said = Array.isArray(messages) ? messages : input
  const last: unknown = Array.isArray(said) ? said.at(-1) : undefined
  return field(last, 'role') === 'tool' || field(last, 'type') === 'function_call_output'
}

/**
 * Reads what the answer depends on from a request's fields and its path; everything else is taken and ignored.
 *
 * @param model where the request names none
 */
export const readAnswerRequest = (
  route: CreateRoute,
  fields: Fields,
  model: string,
): AnswerRequest & { readonly api: StreamingApi } => {
  const { api, isAzure, isEdit, deployment = model, threadId, runId } = route
  const { model: asked = deployment, stream, stream_format: streamFormat, stream_options: streamOptions, n } = fields
  if (typeof asked !== 'string') throw new RequestError(400, 'invalid_model', 'The model must be a string.', 'model')
  const choices = n ?? 1
  if (!Number.isInteger(choices) || (choices as number) < 1 || (choices as number) > MAX_CHOICES) {
    throw new RequestError(400, 'invalid_n', `n must be an integer from 1 to ${MAX_CHOICES}.`, 'n')
  }
  return {
    api,
    model: asked,
    stream: api === 'speech' ? streamFormat === 'sse' : stream === true,
    includeUsage: field(streamOptions, 'include_usage') === true,
    choices: choices as number,
    hasToolOutput: runId !== undefined || endsInToolOutput(fields),
    isAzure,
    isEdit,
    threadId,
    runId,
  }
}
