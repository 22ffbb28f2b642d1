import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from '../http/read-body.ts'

/** What was read of a request's body, and what the rules of a schedule may ask of it. */
export interface PeekedBody {
  /** The bytes that were read; the rest, where there is one, is still to come. */
  readonly head: readonly Uint8Array[]
  /** The field `model` of a JSON body. */
  readonly model?: string
  /** The field `stream` of a JSON body is true. */
  readonly stream: boolean
}

const readFacts = (text: string): Pick<PeekedBody, 'model' | 'stream'> => {
  try {
    const { model, stream } = JSON.parse(text) as { readonly model?: unknown; readonly stream?: unknown }
    return { stream: stream === true, ...(typeof model === 'string' ? { model } : {}) }
  } catch {
    return { stream: false }
  }
}

/** Reads a JSON body of at most `MAX_BODY_BYTES`; anything else is not touched, and streams through. */
export const peekBody = async (incoming: IncomingMessage): Promise<PeekedBody> => {
  const head: Uint8Array[] = []
  if (!/\bjson\b/i.test(incoming.headers['content-type'] ?? '')) return { head, stream: false }
  let size = 0
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    head.push(chunk)
    size += chunk.length
    if (size > MAX_BODY_BYTES) return { head, stream: false }
  }
  return { head, ...readFacts(Buffer.concat(head).toString('utf8')) }
}
