import type { Start } from '../harness/subject.ts'
import { startRecording } from './recording-sdk.ts'

type Api = typeof import('@opentelemetry/api')

/**
 * A span of OpenTelemetry around each request, kept until the process ends: what anybody pays who has one span for each
 * stream, whatever makes it.
 */
export const start: Start = (require) => {
  const ended = startRecording(require, [])
  const { context, SpanKind, trace } = require('@opentelemetry/api') as Api
  const tracer = trace.getTracer('span-only')
  const open: unknown[] = []
  const original = globalThis.Response
  // Each answer of the bench is one response: the nearest place that is not the SDK's.
  globalThis.Response = class extends original {
    constructor(...args: ConstructorParameters<typeof Response>) {
      super(...args)
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'server.address': 'api.openai.com',
        'server.port': 443,
        'gen_ai.request.stream': true,
        'openai.api.type': 'chat_completions',
      }
      open.push(tracer.startSpan('chat gpt-5-mini', { kind: SpanKind.CLIENT, attributes }, context.active()))
    }
  }
  return ended
}
