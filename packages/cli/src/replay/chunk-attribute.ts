import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { CliError } from '../cli-error.ts'
import { listOf, objectOf, parseJson, type JsonObject } from '../json-fields.ts'

/** Largest JSON with a chunk in it that is read, in bytes. */
export const MAX_CHUNK_JSON_BYTES = 16_777_216

/** A chunk as the instrumentation recorded it, with what a span has beside it. */
export interface RecordedChunk {
  readonly text: string
  /** The attributes that stand beside it, by name. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/** Deepest nesting that is searched. */
const MAX_DEPTH = 64

/**
 * The recorded chunk of a JSON document: a text alone, an object of attributes, or OTLP's list of them, wherever it stands.
 *
 * @throws CliError where there is none
 */
export function readChunkAttribute(text: string, name: string): RecordedChunk {
  const document = parseJson(text.replace(/^\ufeff/, '').trim())
  if (typeof document === 'string') return { text: document, attributes: {} }
  const attributes = document === undefined ? undefined : findAttributes(document, 0)
  const raw = attributes?.[ATTR.CHUNK_RAW]
  if (attributes === undefined || typeof raw !== 'string') {
    const reason = document === undefined ? 'is no valid JSON' : `has no text in ${ATTR.CHUNK_RAW}`
    throw new CliError('input', `${name} ${reason}; copy the value alone, or the span as JSON.`)
  }
  return { text: raw, attributes }
}

function findAttributes(value: unknown, depth: number): RecordedChunk['attributes'] | undefined {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined
  const attributes = Array.isArray(value) ? attributesOfOtlp(value) : plainAttributes(value as JsonObject)
  if (typeof attributes[ATTR.CHUNK_RAW] === 'string') {
    // The event of the fault has them all; the span's own name is told there too.
    return attributes
  }
  for (const member of Object.values(value)) {
    const found = findAttributes(member, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function plainAttributes(value: JsonObject): RecordedChunk['attributes'] {
  const entries = Object.entries(value).filter(([, member]) => ['string', 'number', 'boolean'].includes(typeof member))
  return Object.fromEntries(entries) as RecordedChunk['attributes']
}

/** `[{ "key": …, "value": { "stringValue": … } }]` */
function attributesOfOtlp(list: readonly unknown[]): RecordedChunk['attributes'] {
  return Object.fromEntries(
    list.map(objectOf).flatMap(({ key, value }) => {
      const [type, member] = Object.entries(objectOf(value))[0] ?? []
      if (typeof key !== 'string' || member === undefined || listOf(member).length > 0) return []
      // 64-bit integers are texts in JSON.
      return [[key, type === 'intValue' ? Number(member) : (member as string | number | boolean)]]
    }),
  ) as RecordedChunk['attributes']
}

/** The bytes of a recorded chunk. */
export function bytesOfChunk({ text, attributes }: RecordedChunk): Uint8Array {
  return Buffer.from(text, attributes[ATTR.CHUNK_ENCODING] === 'base64' ? 'base64' : 'utf8')
}

/** The code of the fault that a span tells of. */
export function errorTypeOf({ attributes }: RecordedChunk): string | undefined {
  const value = attributes[GEN_AI.ERROR_TYPE]
  return typeof value === 'string' ? value : undefined
}
