import type { IncomingMessage } from 'node:http'
import { RequestError } from './error-body.ts'

/** The largest request body that is read: 8 MiB, enough for long chats with images. */
export const MAX_BODY_BYTES: number = 8 * 1024 * 1024

/** The fields of a request's body, from JSON or from a form. */
export type Fields = Readonly<Record<string, unknown>>

const readBytes = async (request: IncomingMessage): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Buffer[] = []
  let size = 0
  // The default iterator would destroy the socket on a throw, and with it the answer that explains.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) {
      throw new RequestError(413, 'body_too_large', `The request body exceeds ${MAX_BODY_BYTES} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const parseObject = (text: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RequestError(400, 'invalid_json', 'The request body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(400, 'invalid_json', 'The request body is not a JSON object.')
  }
  return value as Fields
}

/** What is not text in JSON, by the name of its field: a form knows text and files only. */
const FORM_VALUES: Readonly<Record<string, (text: string) => unknown>> = {
  stream: (text) => text === 'true',
  n: Number,
}

/** A file is told by its name and size: the boundary of a form is random, and the answer must not be. */
const parseForm = async (bytes: Buffer<ArrayBuffer>, contentType: string): Promise<Fields> => {
  let form: FormData
  try {
    form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new RequestError(400, 'invalid_form', 'The request body is not a form.')
  }
  const fields: [name: string, value: unknown][] = []
  form.forEach((value, name) => {
    const field = typeof value === 'string' ? (FORM_VALUES[name]?.(value) ?? value) : [value.name, value.size]
    fields.push([name, field])
  })
  return Object.fromEntries(fields)
}

/** Reads a request's body: a JSON object, or a form where the request says so. */
export const readFields = async (request: IncomingMessage): Promise<Fields> => {
  const bytes = await readBytes(request)
  const contentType = request.headers['content-type'] ?? ''
  return contentType.startsWith('multipart/form-data')
    ? parseForm(bytes, contentType)
    : parseObject(bytes.toString('utf8'))
}
