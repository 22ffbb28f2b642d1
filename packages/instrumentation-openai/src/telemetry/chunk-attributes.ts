import { createHash } from 'node:crypto'
import { types } from 'node:util'
import type { Attributes } from '@opentelemetry/api'
import { renderRawChunk, type ChunkRecord, type Fault } from '@streamgauge/core'
import { ATTR } from '@streamgauge/core/semconv'
import { guard, warnOnce } from '../guard.ts'
import type { ResolvedOptions } from '../read-options.ts'

/**
 * The attributes of the chunk that a fault is about: where it stood always, what it said as the options allow.
 */
export function chunkAttributes(fault: Fault, options: ResolvedOptions): Attributes {
  const { chunk } = fault
  if (chunk === undefined) return {}
  const attributes: Attributes = {
    [ATTR.CHUNK_INDEX]: chunk.index,
    [ATTR.CHUNK_OFFSET]: chunk.offset,
    [ATTR.CHUNK_SIZE]: chunk.size,
  }
  if (options.rawChunk === 'off') return attributes
  attributes[ATTR.CHUNK_SHA256] = createHash('sha256').update(chunk.bytes).digest('hex')
  const text = rawChunk(fault, chunk, options)
  return text === undefined ? attributes : Object.assign(attributes, text)
}

function rawChunk(fault: Fault, chunk: ChunkRecord, options: ResolvedOptions): Attributes | undefined {
  const raw = renderRawChunk(chunk.bytes, {
    mode: options.rawChunk === 'full' ? 'full' : 'masked',
    maxBytes: options.maxRawChunkBytes,
    breakAt: chunk.breakAt,
    start: chunk.start,
  })
  const text = redacted(raw.text, fault, options)
  if (text === undefined) return undefined
  const kept = cut(text, options.maxRawChunkBytes)
  return {
    [ATTR.CHUNK_RAW]: kept,
    [ATTR.CHUNK_TRUNCATED]: raw.truncated || kept !== text || chunk.bytes.length < chunk.size,
    [ATTR.CHUNK_ENCODING]: raw.encoding,
    // A hook may have moved everything.
    ...(raw.breakAt === undefined || text !== raw.text ? {} : { [ATTR.CHUNK_BREAK]: raw.breakAt }),
  }
}

/** A hook that fails, or gives anything but a text, must not let through what it was there to hide. */
function redacted(text: string, fault: Fault, { redact }: ResolvedOptions): string | undefined {
  if (redact === undefined) return text
  const given: unknown = guard('the redact hook', () => redact(text, { code: fault.code }))
  if (typeof given === 'string') return given
  // What a promise of it comes to is too late for the span; but its rejection would be nobody's, and end the process.
  if (types.isPromise(given)) given.catch(() => {})
  if (given !== undefined) warnOnce('option redact must return a string: the raw chunk is left out.')
  return undefined
}

/** A hook may return more than it was given. */
function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}
