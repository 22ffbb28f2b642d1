import { createHash } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import { renderRawChunk, type ChunkRecord, type Fault } from '@streamgauge/core'
import { ATTR } from '@streamgauge/core/semconv'
import { guard } from '../guard.ts'
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
  const { redact } = options
  // A hook that fails must not let through what it was there to hide.
  const text = redact === undefined ? raw.text : guard('the redact hook', () => redact(raw.text, { code: fault.code }))
  if (typeof text !== 'string') return undefined
  return {
    [ATTR.CHUNK_RAW]: text,
    [ATTR.CHUNK_TRUNCATED]: raw.truncated || chunk.bytes.length < chunk.size,
    [ATTR.CHUNK_ENCODING]: raw.encoding,
    // A hook may have moved everything.
    ...(raw.breakAt === undefined || text !== raw.text ? {} : { [ATTR.CHUNK_BREAK]: raw.breakAt }),
  }
}
