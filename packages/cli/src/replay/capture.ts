import type { ErrorFacts, ResponseFacts, StreamApi } from '@streamgauge/core'

/** What is known of the request that a capture answers. */
export interface RequestFacts {
  readonly host?: string | undefined
  readonly model?: string | undefined
  readonly api?: StreamApi | undefined
  readonly choices?: number | undefined
  readonly usageRequested?: boolean | undefined
}

/** How a body ended. */
export interface BodyEnd {
  /** The failure as the HTTP client would tell it; none where the body ended in order. */
  readonly error?: ErrorFacts | undefined
  /** By what it is told. */
  readonly evidence: string
}

/** The forms that a capture may have. */
export type CaptureFormat = 'body' | 'curl' | 'har' | 'chunk'

/** A response that was captured, with its body still to be read. */
export interface Capture {
  readonly format: CaptureFormat
  /** What tells it from others of the same file. */
  readonly title: string
  /** What its head says; none where only a body was captured. */
  readonly response?: ResponseFacts | undefined
  readonly request: RequestFacts
  /** The body as an application would read it: without chunk framing and compression. */
  readonly body: AsyncIterable<Uint8Array>
  /** How it ended, once it was read. */
  readonly end: () => BodyEnd
  /** Why there was no response at all, as the SDK would tell it. */
  readonly failure?: ErrorFacts | undefined
}

/** The body ended in order, as far as anybody can tell. */
export const ORDERLY_END: BodyEnd = { evidence: 'the capture ends' }
