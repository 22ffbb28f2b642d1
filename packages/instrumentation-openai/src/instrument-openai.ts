import { diag } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation, type OpenAIStreamInstrumentationConfig } from './instrumentation.ts'

/** What the explicit door patches. */
export interface OpenAIModules {
  /** The class `OpenAI` of `openai`; `AzureOpenAI` and other subclasses come with it. */
  readonly OpenAI: unknown
  /** The class `Stream` of `openai/streaming`. */
  readonly Stream: unknown
}

/**
 * Instruments openai without any loader: for bundles, and for those who want to see where it happens. Uses the global
 * providers of OpenTelemetry.
 *
 * Warns once through `diag` of what it did not find.
 *
 * @returns the instrumentation, to disable it or to end what is open
 * @throws RangeError naming the option, what is allowed and what came, for a bad option
 * @public
 */
export function instrumentOpenAI(
  modules: OpenAIModules,
  options: OpenAIStreamInstrumentationConfig = {},
): OpenAIStreamInstrumentation {
  const instrumentation = new OpenAIStreamInstrumentation(options)
  const missing = instrumentation.instrument(modules)
  if (missing.length > 0) {
    diag.warn(
      `streamgauge: no streams will be seen, since ${missing.join(' and ')} is not a class of openai 4 to 7; ` +
        "pass { OpenAI } from 'openai' and { Stream } from 'openai/streaming'.",
    )
  }
  return instrumentation
}
