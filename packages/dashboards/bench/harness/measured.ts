import { readFileSync, writeFileSync } from 'node:fs'

/** What one stream sends, on the average. Bytes of OTLP as protobuf, without and with gzip. */
export interface StreamVolume {
  readonly spans: number
  readonly bytes: number
  readonly gzipBytes: number
  readonly logBytes: number
}

/** A figure of a stream that was completed, and of one that broke. */
export interface ByKind {
  readonly healthy: number
  readonly broken: number
}

/** What the benches measured, and what the page computes from. */
export interface Measured {
  /** By telemetry-volume.bench.ts; `all` by the read, since how many reads a stream has is up to the network. */
  readonly volume: {
    readonly healthy: StreamVolume
    readonly broken: StreamVolume
    readonly perChunkSpan: { readonly bytes: number; readonly gzipBytes: number }
    readonly metrics: {
      readonly seriesPerProcess: number
      readonly seriesPerCell: number
      readonly seriesPerErrorType: number
      readonly bytesPerProcess: number
      readonly bytesPerCell: number
    }
  }
  /** By peers/backends.bench.ts. */
  readonly backends: {
    readonly heldBytes: ByKind
    /** Processor time of a stream, in microseconds. */
    readonly cpuUs: { readonly gateway: ByKind; readonly sampler: ByKind }
    readonly blockBytes: ByKind
  }
}

const FILE = new URL('../measured.json', import.meta.url)

export const readMeasured = (): Measured => JSON.parse(readFileSync(FILE, 'utf8')) as Measured

/** Puts the figures of one bench in place of its former ones. */
export function keepMeasured<Part extends keyof Measured>(part: Part, figures: Measured[Part]): void {
  let before: Partial<Measured> = {}
  try {
    before = readMeasured()
  } catch {
    // The first bench of all finds nothing.
  }
  writeFileSync(FILE, `${JSON.stringify({ ...before, [part]: figures }, undefined, 2)}\n`)
}
