// An application with the instrumentation and recovery both: what it got, and which spans came of it, as JSON.
import { startFaultServer } from '@streamgauge/fault-server'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { recoverStream, RECOVERY_SPAN } from '@streamgauge/recovery'
import { armFaults, makeClient, type Major } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

const major = Number(process.argv[2]) as Major
const telemetry = setUpTelemetry()
console.error = () => {}
const { OpenAI } = (await import(`openai${major}`)) as { OpenAI: never }
const { Stream } = (await import(`openai${major}/streaming`)) as { Stream: never }
instrumentOpenAI({ OpenAI, Stream })

const server = await startFaultServer({ settleMs: 250 })
const client = await makeClient(major, server.baseURL)
await armFaults(server.url, ['empty_body', 'reset_inside_event'])
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const }
const stream = recoverStream(({ request: body, options }) => client.chat.completions.create(body, options), {
  request,
  initialDelayMs: 1,
  afterDelivery: 'restart',
})
let chunks = 0
for await (const chunk of stream) chunks = 'type' in chunk ? 0 : chunks + 1
await server.close()

const spans = telemetry.spans()
const idOf = new Map(spans.map((span) => [span.spanContext().spanId, span]))
process.stdout.write(
  JSON.stringify({
    chunks,
    codes: stream.attempts.map(({ code }) => code ?? null),
    chats: spans
      .filter(({ name }) => name === 'chat m')
      .map(({ attributes, parentSpanContext }) => ({
        code: attributes['error.type'] ?? null,
        outcome: attributes['streamgauge.stream.outcome'],
        isChild: idOf.get(parentSpanContext?.spanId ?? '')?.name === RECOVERY_SPAN,
      })),
  }),
)
