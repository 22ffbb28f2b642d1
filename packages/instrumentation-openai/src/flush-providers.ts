import { logs, metrics, trace } from '@opentelemetry/api'

interface Provider {
  getDelegate?(): Provider
  _getDelegate?(): Provider
  forceFlush?(): Promise<void>
}

/** Has the global providers send what they have. They stay in use: a shutdown would lose what comes after it. */
export async function flushProviders(): Promise<void> {
  const providers: readonly unknown[] = [
    trace.getTracerProvider(),
    logs.getLoggerProvider(),
    metrics.getMeterProvider(),
  ]
  await Promise.all(providers.map((provider) => flushProvider(provider as Provider)))
}

/** The API hands out proxies for providers that may come later. */
async function flushProvider(provider: Provider): Promise<void> {
  const real = provider.getDelegate?.() ?? provider._getDelegate?.() ?? provider
  await real.forceFlush?.()
}
