import type { Source } from '../harness/answers.ts'
import type { Subject } from '../harness/subject.ts'

/** Another package that watches `openai`, and what it takes to run it as its own documentation says. */
export interface Peer {
  readonly name: string
  /** Of these packages, the peer itself. */
  readonly watcher: string
  /** Exact versions. `openai` is the newest that the peer really patches; the OpenTelemetry SDK is one that it works with. */
  readonly packages: Readonly<Record<string, string>> & { readonly openai: string }
  /** Of `setups/`. */
  readonly setup: 'instrumentation' | 'langfuse' | 'sentry' | 'dd-trace'
  /** Of the setup. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly format: Subject['format']
  /** Its loader hook, and the flag of Node.js that takes it. */
  readonly loader?: readonly [flag: '--import' | '--experimental-loader', file: string]
  readonly sources: readonly Source[]
}

const IN_PROCESS: readonly Source[] = ['queued', 'turns']

/** The newest majors, of which all peers take the same version, so that they share their bare runs. */
const OPENAI_6 = '6.49.0'
const OPENAI_7 = '7.59.0'

/** OpenTelemetry SDK 3.x, for `@opentelemetry/instrumentation` 0.300 and later. */
const SDK_3 = {
  '@opentelemetry/api': '1.10.0',
  '@opentelemetry/sdk-node': '0.301.0',
  '@opentelemetry/sdk-trace': '3.1.0',
  '@opentelemetry/sdk-metrics': '3.1.0',
  '@opentelemetry/sdk-logs': '3.1.0',
}

/** The newest of 2.x. */
const SDK_2 = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/sdk-node': '0.223.0',
  '@opentelemetry/sdk-trace-base': '2.12.0',
  '@opentelemetry/sdk-metrics': '2.12.0',
  '@opentelemetry/sdk-logs': '0.223.0',
}

/** That of `@opentelemetry/instrumentation` 0.203. */
const SDK_2_OF_0203 = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/sdk-node': '0.203.0',
  '@opentelemetry/sdk-trace-base': '2.0.1',
  '@opentelemetry/sdk-metrics': '2.0.1',
  '@opentelemetry/sdk-logs': '0.203.0',
}

export const PEERS: readonly Peer[] = [
  {
    name: 'OpenTelemetry contrib',
    watcher: '@opentelemetry/instrumentation-openai',
    packages: { '@opentelemetry/instrumentation-openai': '0.22.0', openai: OPENAI_6, ...SDK_3 },
    setup: 'instrumentation',
    options: { sdk: 3 },
    format: 'esm',
    loader: ['--experimental-loader', '@opentelemetry/instrumentation/hook.mjs'],
    sources: IN_PROCESS,
  },
  {
    // It patches openai 4 only, whose ESM build does not load under OpenTelemetry's loader hook.
    name: 'Elastic',
    watcher: '@elastic/opentelemetry-instrumentation-openai',
    packages: { '@elastic/opentelemetry-instrumentation-openai': '0.5.1', openai: '4.104.0', ...SDK_2_OF_0203 },
    setup: 'instrumentation',
    options: { sdk: 2 },
    format: 'cjs',
    sources: IN_PROCESS,
  },
  {
    name: 'OpenInference',
    watcher: '@arizeai/openinference-instrumentation-openai',
    packages: { '@arizeai/openinference-instrumentation-openai': '4.2.7', openai: OPENAI_7, ...SDK_2 },
    setup: 'instrumentation',
    // Its way for ESM, without a loader hook.
    options: { sdk: 2, isManual: true },
    format: 'esm',
    sources: IN_PROCESS,
  },
  {
    name: 'OpenLLMetry',
    watcher: '@traceloop/instrumentation-openai',
    packages: { '@traceloop/instrumentation-openai': '0.27.0', openai: OPENAI_6, ...SDK_2_OF_0203 },
    setup: 'instrumentation',
    // Its way for ESM, without a loader hook.
    options: { sdk: 2, isManual: true },
    format: 'esm',
    sources: IN_PROCESS,
  },
  {
    name: 'Langfuse',
    watcher: '@langfuse/openai',
    packages: {
      '@langfuse/openai': '5.11.1',
      '@langfuse/otel': '5.11.1',
      '@opentelemetry/exporter-trace-otlp-http': '0.223.0',
      openai: OPENAI_7,
      ...SDK_2,
    },
    setup: 'langfuse',
    format: 'esm',
    sources: IN_PROCESS,
  },
  {
    name: 'Sentry',
    watcher: '@sentry/node',
    packages: { '@sentry/node': '11.12.0', openai: OPENAI_7 },
    setup: 'sentry',
    format: 'esm',
    loader: ['--import', '@sentry/node/build/import-hook.mjs'],
    sources: IN_PROCESS,
  },
  {
    name: 'dd-trace',
    watcher: 'dd-trace',
    packages: { 'dd-trace': '6.21.0', openai: OPENAI_7 },
    setup: 'dd-trace',
    format: 'esm',
    loader: ['--import', 'dd-trace/register.js'],
    sources: IN_PROCESS,
  },
  {
    // It watches HTTP only, which an in-process fetch never reaches.
    name: 'undici',
    watcher: '@opentelemetry/instrumentation-undici',
    packages: { '@opentelemetry/instrumentation-undici': '0.34.0', openai: OPENAI_7, ...SDK_3 },
    setup: 'instrumentation',
    options: { sdk: 3, exported: 'UndiciInstrumentation' },
    format: 'esm',
    sources: ['socket'],
  },
]
