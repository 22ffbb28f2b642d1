import {
  context,
  diag,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api'
import type { StreamReport } from '@streamgauge/core'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { AttemptAction } from './attempt-record.ts'
import { RECOVERY_ATTR, RECOVERY_METRIC, RECOVERY_SPAN } from './semconv.ts'

/** Name of the tracer and of the meter. */
const SCOPE = '@streamgauge/recovery'

/** Most attempts that one is linked to, the latest; SDKs keep no more than 128 links of a span. */
export const MAX_LINKS = 100

/** What the span of an attempt begins with. */
export interface AttemptBeginning {
  readonly number: number
  readonly action: AttemptAction
  readonly delayMs: number
}

/** The spans of one stream's attempts, each linked to those before it. Nothing in here throws. */
export class AttemptSpans {
  readonly #parent: Context = context.active()
  readonly #before: Span[] = []

  /** Begins the span of an attempt; `run` in what comes back makes it the parent of what is begun there. */
  begin({ number, action, delayMs }: AttemptBeginning): AttemptSpan {
    const span = quietly(() =>
      trace.getTracer(SCOPE).startSpan(
        RECOVERY_SPAN,
        {
          kind: SpanKind.INTERNAL,
          attributes: {
            [RECOVERY_ATTR.NUMBER]: number,
            [RECOVERY_ATTR.ACTION]: action,
            [RECOVERY_ATTR.DELAY]: delayMs / 1000,
          },
          links: this.#before.map((before) => ({ context: before.spanContext() })),
        },
        this.#parent,
      ),
    )
    if (span === undefined) return new AttemptSpan(undefined, this.#parent)
    this.#before.push(span)
    if (this.#before.length > MAX_LINKS) this.#before.shift()
    return new AttemptSpan(span, trace.setSpan(this.#parent, span))
  }
}

/** The span of one attempt, from its request to what was decided about its end. */
export class AttemptSpan {
  readonly #span: Span | undefined
  readonly #context: Context

  constructor(span: Span | undefined, active: Context) {
    this.#span = span
    this.#context = active
  }

  run<T>(begin: () => T): T {
    return context.with(this.#context, begin)
  }

  /** @param mistake name of an error of the program, which says nothing of the stream */
  end(report: StreamReport, attributes: Attributes, mistake?: string): void {
    const { fault, outcome } = report
    const code = mistake ?? fault?.code
    quietly(() => {
      this.#span?.setAttributes(attributes)
      if (mistake === undefined) this.#span?.setAttributes({ [ATTR.OUTCOME]: outcome, ...attributesOf(fault) })
      if (code === undefined) return
      this.#span?.setAttribute(GEN_AI.ERROR_TYPE, code)
      this.#span?.setStatus({ code: SpanStatusCode.ERROR, message: code })
    })
    quietly(() => this.#span?.end())
  }
}

function attributesOf(fault: StreamReport['fault']): Attributes {
  if (fault === undefined) return {}
  return {
    [ATTR.CAUSE]: fault.cause,
    [ATTR.CAUSE_CONFIDENCE]: fault.confidence,
    [ATTR.REMEDY]: fault.remedy,
  }
}

type CounterName = (typeof RECOVERY_METRIC)[keyof typeof RECOVERY_METRIC]

const DESCRIPTIONS: Readonly<Record<CounterName, { readonly unit: string; readonly description: string }>> = {
  [RECOVERY_METRIC.RECOVERED]: {
    unit: '{stream}',
    description: 'Streams that broke, and whose answer the app got whole nevertheless',
  },
  [RECOVERY_METRIC.GIVEN_UP]: { unit: '{stream}', description: 'Streams that broke, and ended in an error' },
  [RECOVERY_METRIC.REPAIRED]: { unit: '{repair}', description: 'Places in event streams that were put right' },
}

/** Adds one to a counter of whatever provider is set by now. */
export function count(name: CounterName, attributes: Attributes): void {
  quietly(() => metrics.getMeter(SCOPE).createCounter(name, DESCRIPTIONS[name]).add(1, attributes))
}

/** Telemetry that fails must not cost the app its stream. */
function quietly<T>(tell: () => T): T | undefined {
  try {
    return tell()
  } catch (error) {
    diag.error('streamgauge: telemetry of recovery failed; the stream is not affected', error)
    return undefined
  }
}
