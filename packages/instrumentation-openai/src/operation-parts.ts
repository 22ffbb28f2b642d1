import { trace, type Context, type Span, type Tracer } from '@opentelemetry/api'
import type { StreamMonitor } from '@streamgauge/core'
import type { Gauge } from './gauge.ts'
import type { RequestFacts } from './request/request-facts.ts'
import type { Cell } from './telemetry/cells.ts'
import type { ChunkTimes } from './telemetry/chunk-times.ts'

/** What an operation is made of. */
export interface OperationParts {
  readonly gauge: Gauge
  readonly request: RequestFacts
  readonly monitor: StreamMonitor
  /** That of the span: its children go where it goes. */
  readonly tracer: Tracer | undefined
  readonly span: Span
  /** The caller's context. */
  readonly parent: Context
  readonly cell: Cell
  /** Add it to a time of the monotonic clock for milliseconds since the epoch. */
  readonly wallOffsetMs: number
  /** Where the times between the chunks of this stream are told. */
  readonly chunkTimes: ChunkTimes | undefined
  /** The tokens of the answer are ours to tell: nobody else does. */
  readonly countsTokens: boolean
}

/** The caller's context with the operation's span in it. Made anew each time: as many as there are open streams would add up. */
export function contextOf({ parent, span }: OperationParts): Context {
  return trace.setSpan(parent, span)
}
