import type { IncomingMessage } from 'node:http'

import { gunzipSync } from 'node:zlib'

import { errorCode } from '../error-fields.ts'
import { Refusal } from './answer.ts'

/** Bytes of bodies that are being received, over all requests of a receiver. */
export interface BodyBudget {
  readonly maxBytes: number
  usedBytes: number
}

/**
 * Reads a body into memory, at most `maxBytes` as sent and as inflated.
 *
 * Inflating is synchronous, so that at any time one inflated body exists, not one per connection.
 *
 * @throws Refusal 413 for a body that is too large, 503 when all bodies together are, 400 when it can't be inflated, 415
 * for an encoding other than gzip. Error when the client goes away.
 */
export async function readBody(request: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity') {
    const message = `The content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported: send gzip or none.`
    throw new Refusal(415, message, { 'accept-encoding': 'gzip' })
  }
  const body = await receive(request, maxBytes, budget)
  return encoding === 'gzip' ? inflate(body, maxBytes) : body
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `The body is larger than ${maxBytes} bytes: send smaller batches.`)
}

function receive(request: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0

    function settle(): void {
      request.off('data', take).off('end', finish).off('error', fail).off('close', fail)
      budget.usedBytes -= bytes
      bytes = 0
    }
    function refuse(refusal: Refusal): void {
      settle()
      // Node.js reads on to the end and forgets what it reads, so that the client is there to read the answer.
      request.resume()
      reject(refusal)
    }
    function take(chunk: Buffer): void {
      chunks.push(chunk)
      bytes += chunk.length
      budget.usedBytes += chunk.length
      if (bytes > maxBytes) refuse(tooLarge(maxBytes))
      else if (budget.usedBytes > budget.maxBytes) {
        refuse(new Refusal(503, 'Too many bodies arrive at once: send again in a second.', { 'retry-after': '1' }))
      }
    }
    function finish(): void {
      settle()
      resolve(Buffer.concat(chunks))
    }
    function fail(error?: Error): void {
      settle()
      reject(error ?? new Error('the client went away'))
    }
    request.on('data', take).on('end', finish).on('error', fail).on('close', fail)
  })
}

function inflate(body: Buffer, maxBytes: number): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new Refusal(400, "The body is labelled gzip but can't be inflated.")
  }
}
