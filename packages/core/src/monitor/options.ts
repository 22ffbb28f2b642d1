import type { StreamApi } from '../vocabulary.ts'
import type { ReadBatch } from './read-batch.ts'

/** How one stream is watched. */
export interface MonitorOptions {
  /** What ends an answer of this kind. @defaultValue `'unknown'`, told from the events */
  readonly api?: StreamApi | undefined
  /** `'optional'` where the dialect ends answers with nothing. @defaultValue `'required'` */
  readonly terminator?: 'required' | 'optional' | undefined
  /**
   * Who decodes the events' JSON. `'here'`: the monitor, from the bytes. `'consumer'`: whoever reads the stream, and hands
   * each value to `payload()`; the monitor then decodes only what the reader failed on.
   *
   * @defaultValue `'here'`
   */
  readonly decode?: 'here' | 'consumer' | undefined
  /** Choices that the request asked for: an answer is finished when each of them is. @defaultValue 1 */
  readonly choices?: number | undefined
  /** The request asked for usage, so that its absence is an anomaly. @defaultValue false */
  readonly usageRequested?: boolean | undefined
  /** Longest wait for bytes before the stream counts as stalled, in milliseconds. @defaultValue 30000 */
  readonly stallThresholdMs?: number | undefined
  /** Bytes of the body kept for the record of a fault. @defaultValue 16384 */
  readonly recorderBytes?: number | undefined
  /** Reads kept for chunk spans. @defaultValue 32 */
  readonly recordedReads?: number | undefined
  /** Host that was asked: what the edge of a known provider leaves in the headers is no suspect. @defaultValue none known */
  readonly host?: string | undefined
  /**
   * For how many milliseconds the process was too busy to see bytes at the end of a span of time; 0 where it was not. Asked
   * where a wait was long enough for it to matter: what came meanwhile was not waited for. @defaultValue never busy
   */
  readonly blockedMs?: ((fromMs: number, toMs: number) => number) | undefined
  /**
   * Where small reads wait to be looked at together, for all streams of a process. Only where the consumer decodes.
   *
   * @defaultValue each is looked at when it comes
   */
  readonly batch?: ReadBatch | undefined
  /** Fast ways to look at bytes that the platform has. @defaultValue those of the language */
  readonly native?: NativeBytes | undefined
}

/** Looks at bytes in native code, such as that of `node:buffer`. */
export interface NativeBytes {
  /** Whether the bytes are whole UTF-8. */
  readonly isUtf8: (bytes: Uint8Array) => boolean
  /** Where the first such byte is, from an index on; -1 where there is none. */
  readonly indexOf: (bytes: Uint8Array, byte: number, from: number) => number
}

/** @see MonitorOptions.stallThresholdMs */
export const DEFAULT_STALL_THRESHOLD_MS = 30_000
/** @see MonitorOptions.recorderBytes */
export const DEFAULT_RECORDER_BYTES = 16_384
/** @see MonitorOptions.recordedReads */
export const DEFAULT_RECORDED_READS = 32
/** Shortest wait of which the part is asked for in which the process was busy, in milliseconds. */
export const LONG_WAIT_MS = 50
/**
 * Largest event decoded where the monitor decodes for itself, in bytes. A larger one is counted and not judged: 1 MiB is
 * far above any chunk of text, and below what a partial image may take.
 */
export const MAX_DECODED_EVENT_BYTES = 1_048_576
