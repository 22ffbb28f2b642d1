import type { RawChunk } from '../queries/list-streams.ts'
import type { Content } from './send.ts'

/** The recorded chunk as a file, with the bytes that it had on the wire as far as they were recorded. */
export function toChunkFile({ raw, encoding }: RawChunk, spanId: string): Content {
  return {
    // No browser shows it: whatever is in it, it is saved.
    type: 'application/octet-stream',
    body: Buffer.from(raw ?? '', encoding === 'base64' ? 'base64' : 'utf8'),
    headers: { 'content-disposition': `attachment; filename="stream-${spanId}.sse"` },
  }
}
