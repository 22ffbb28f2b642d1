import { trace, type Context } from '@opentelemetry/api'
import { GEN_AI } from '@streamgauge/core/semconv'
import { PACKAGE_NAME } from '../package-info.ts'

/** Another instrumentation that tells of the same request, and so of the same tokens. */
export interface OtherInstrumentation {
  /** Name of its scope. */
  readonly name: string
  /** It instruments `openai` itself, and so every request; otherwise what calls it, such as a framework. */
  readonly isOfOpenAI: boolean
}

/** A span of an SDK, as far as it can be read; one that is not recorded has none of this. */
interface ReadableParent {
  readonly instrumentationScope?: { readonly name?: unknown }
  readonly attributes?: Readonly<Record<string, unknown>>
}

/**
 * Who opened the span in which a request is made, where that is a span of a model's answer as well. Whoever instruments the
 * SDK's methods makes such a span the active one while they run.
 */
export function findOtherInstrumentation(parent: Context): OtherInstrumentation | undefined {
  const { instrumentationScope, attributes = {} } = (trace.getSpan(parent) ?? {}) as ReadableParent
  const name = instrumentationScope?.name
  if (typeof name !== 'string' || name === PACKAGE_NAME) return undefined
  const isInference = ANSWERS.has(attributes[GEN_AI.OPERATION_NAME]) || attributes['openinference.span.kind'] === 'LLM'
  return isInference ? { name, isOfOpenAI: /openai/i.test(name) } : undefined
}

/** Operations that are one answer of a model; an agent's has many, each with tokens of its own. */
const ANSWERS: ReadonlySet<unknown> = new Set(['chat', 'text_completion', 'generate_content'])
