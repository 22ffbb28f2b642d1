import type { IncomingMessage } from 'node:http'
import { RequestError } from './error-body.ts'

/** The largest request body that is read: 8 MiB, enough for long chats with images. */
export const MAX_BODY_BYTES: number = 8 * 1024 * 1024

/** Reads a request's body as text. */
export const readBody = async (request: IncomingMessage): Promise<string> => {
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
  return Buffer.concat(chunks).toString('utf8')
}

/** Parses a request's body, which must be a JSON object. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RequestError(400, 'invalid_json', 'The request body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(400, 'invalid_json', 'The request body is not a JSON object.')
  }
  return value as Readonly<Record<string, unknown>>
}
