import type { Level } from '../finding.ts'

/** Our own package. */
export const INSTRUMENTATION = '@streamgauge/instrumentation-openai'

/** Something else that watches calls of openai, and what it does beside us. */
export interface OtherTool {
  readonly name: string
  readonly packages: readonly string[]
  readonly level: Level
  /** What happens where both are there. */
  readonly effect: string
  readonly remedy: string
}

const ONE_SPAN = 'Take one of the two away, unless you want both: tokens are left to it, and counted once.'
const KEEP_ONE = 'Watch broken streams with ours, and take its instrumentation of openai away where streams matter.'

/**
 * Tools that watch openai as well. What they do to streams was seen with openai 6.49 and 7.57 in November 2026, in these versions:
 * contrib 0.21, OpenLLMetry 0.27, OpenInference 4.2, Langfuse 5.11, Sentry 11.12, OpenLIT 1.15, LangSmith 0.12, Braintrust 3.35.
 * Datadog, Elastic, New Relic and PostHog were not run: what is said of them is what their sources and documentation say.
 */
export const OTHER_TOOLS: readonly OtherTool[] = [
  {
    name: 'OpenTelemetry contrib',
    packages: ['@opentelemetry/instrumentation-openai'],
    level: 'warning',
    effect: 'makes a second span of each request; it loses those of streams that fail, and knows no openai 7',
    remedy: ONE_SPAN,
  },
  {
    name: 'OpenLLMetry',
    packages: ['@traceloop/instrumentation-openai', '@traceloop/node-server-sdk'],
    level: 'warning',
    effect: 'makes a second span of each request, and breaks withResponse(), tee() and the controller of streams',
    remedy: KEEP_ONE,
  },
  {
    name: 'OpenInference',
    packages: ['@arizeai/openinference-instrumentation-openai'],
    level: 'warning',
    effect:
      'makes a second span of each request, reads on after a break, and ends the process where a stream fails and nobody ' +
      'handles unhandled rejections',
    remedy: KEEP_ONE,
  },
  {
    name: 'Langfuse',
    packages: ['@langfuse/openai', 'langfuse'],
    level: 'warning',
    effect:
      'observeOpenAI() puts its own stream in place of that of the SDK: withResponse() and tee() break, and a break leaves its span open',
    remedy: 'Leave the client for streams unwrapped.',
  },
  {
    name: 'Sentry',
    packages: ['@sentry/node'],
    level: 'note',
    effect:
      'may make a second span of each request (openAIIntegration), and its own OpenTelemetry SDK may be the one that is registered',
    remedy: 'Start ours with `/hook`, and give it to the SDK that runs; take openAIIntegration away to have one span.',
  },
  {
    name: 'Datadog',
    packages: ['dd-trace'],
    level: 'note',
    effect: 'makes spans of its own, which go to Datadog; an early break leaves the one of the stream open',
    remedy: 'DD_TRACE_DISABLED_INSTRUMENTATIONS=openai leaves openai to ours.',
  },
  {
    name: 'Elastic',
    packages: ['@elastic/opentelemetry-instrumentation-openai', '@elastic/opentelemetry-node'],
    level: 'warning',
    effect: 'makes a second span of each request',
    remedy: 'OTEL_NODE_DISABLED_INSTRUMENTATIONS=openai leaves openai to ours.',
  },
  {
    name: 'New Relic',
    packages: ['newrelic'],
    level: 'note',
    effect: 'makes spans of its own, which go to New Relic',
    remedy: 'Nothing has to be done; NEW_RELIC_AI_MONITORING_ENABLED=false leaves openai to ours.',
  },
  {
    name: 'OpenLIT',
    packages: ['openlit'],
    level: 'warning',
    effect: 'makes a second span of each request, and breaks withResponse() and tee()',
    remedy: KEEP_ONE,
  },
  {
    name: 'LangSmith',
    packages: ['langsmith'],
    level: 'note',
    effect: "wrapOpenAI() breaks withResponse(), and loses streams that are tee'd",
    remedy: 'Where openai is wrapped by it, leave the client for streams unwrapped.',
  },
  {
    name: 'Braintrust',
    packages: ['braintrust'],
    level: 'note',
    effect: "wrapOpenAI() loses streams that are tee'd",
    remedy: 'Where openai is wrapped by it, leave the client for streams unwrapped.',
  },
  {
    name: 'PostHog',
    packages: ['@posthog/ai'],
    level: 'note',
    effect: 'its own OpenAI class reads a copy of each stream',
    remedy: 'Use the OpenAI class of openai where streams matter.',
  },
]

/** Programs that put an app into one file, which no loader hook can look into. */
export const BUNDLERS: readonly string[] = [
  'next',
  'nuxt',
  'esbuild',
  'webpack',
  'rollup',
  'rolldown',
  'vite',
  'tsup',
  'parcel',
  '@vercel/ncc',
  'serverless-esbuild',
]

/** Every package that is looked for. */
export const WANTED: ReadonlySet<string> = new Set([
  'openai',
  INSTRUMENTATION,
  '@opentelemetry/api',
  '@opentelemetry/sdk-node',
  ...OTHER_TOOLS.flatMap(({ packages }) => packages),
])
