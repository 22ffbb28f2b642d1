import type { Dialect } from '@streamgauge/core'

/** How much of the chunk that could not be parsed is recorded. */
export type RawChunkMode = 'masked' | 'full' | 'off'
/** Which reads of the body become child spans. */
export type ChunkSpansMode = 'on_fault' | 'all' | 'off'
/** Which streams record the time between chunks in a histogram. */
export type ChunkTimingMode = 'sampled' | 'all' | 'off'
/** Which names of the GenAI conventions are emitted. */
export type SemconvMode = 'latest' | 'v1.41' | 'dup'

/** What a `redact` hook is told beside the text. */
export interface RedactContext {
  /** `error.type` of the fault. */
  readonly code: string
}

/** Options of the instrumentation. Each has an environment variable; the option wins over it. */
export interface StreamgaugeOptions {
  /**
   * How much of the chunk that could not be parsed is recorded: its shape with the words masked, all of it, or nothing.
   * API keys and bearer tokens are replaced in every mode.
   *
   * @defaultValue `'masked'`; `'full'` where `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is true
   */
  readonly rawChunk?: RawChunkMode | undefined
  /** Longest raw chunk, in bytes, 64 to 65536. Above 2048 Tempo cuts it by default. @defaultValue 1024 */
  readonly maxRawChunkBytes?: number | undefined
  /**
   * Last say over the raw chunk, after masking. What it returns is recorded, up to `maxRawChunkBytes`; if it throws, or
   * returns anything but a string, nothing is. Called once for a fault, while the stream's end is waited for: keep it quick.
   */
  readonly redact?: ((text: string, fault: RedactContext) => string) | undefined
  /** Reads of the body as child spans: the last 32 before a fault, all, or none. @defaultValue `'on_fault'` */
  readonly chunkSpans?: ChunkSpansMode | undefined
  /** Most child spans of one stream with `chunkSpans: 'all'`, 1 to 4096; the last ones are kept. @defaultValue 256 */
  readonly maxChunkSpans?: number | undefined
  /** Longest wait for bytes before a stream counts as stalled, in milliseconds, 1 to 2^31-1. @defaultValue 30000 */
  readonly stallThresholdMs?: number | undefined
  /** Bytes of each open stream kept for the record of a fault, 0 to 1048576. @defaultValue 16384 */
  readonly recorderBytes?: number | undefined
  /** The histogram of times between chunks: one stream in ten, every stream, or none. @defaultValue `'sampled'` */
  readonly chunkTiming?: ChunkTimingMode | undefined
  /** Names of the GenAI conventions: the newest, those of v1.41, or both. @defaultValue `'latest'` */
  readonly semconv?: SemconvMode | undefined
  /** Servers that end answers in a way of their own, tried before the known ones. @defaultValue none */
  readonly dialects?: readonly Dialect[] | undefined
  /**
   * Watches at all. `OTEL_SDK_DISABLED=true` switches it off as well. Off stays off where the instrumentation is registered
   * or `enable()` is called; `setConfig` switches it on. @defaultValue true
   */
  readonly enabled?: boolean | undefined
}
