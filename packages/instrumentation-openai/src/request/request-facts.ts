import type { Attributes } from '@opentelemetry/api'
import { GEN_AI } from '@streamgauge/core/semconv'
import { findInference, type Inference } from './inference.ts'
import { findEndpoint } from './endpoint.ts'

/** What is known of a request before it is sent. */
export interface RequestFacts extends Inference {
  readonly isStream: boolean
  readonly provider: string
  /** Empty where the request names none. */
  readonly model: string
  readonly host: string
  readonly port: number | undefined
  /** The request asked for a chunk with the usage. */
  readonly usageRequested: boolean
  /** The caller's own signal. */
  readonly signal: WeakRef<AbortSignal> | undefined
  /** Choices asked for. */
  readonly choices: number
  readonly attributes: Attributes
}

/** The part of the SDK's request options that is read here. All of it is checked before use: it is somebody else's. */
interface SdkRequest {
  readonly method?: unknown
  readonly path?: unknown
  readonly body?: unknown
  readonly stream?: unknown
  readonly signal?: unknown
  /** What the SDK keeps of a body that becomes a form. */
  readonly __metadata?: unknown
}

/** Reads a request of the SDK; `undefined` where it runs no model. */
export function readRequest(client: unknown, options: unknown): RequestFacts | undefined {
  const request = (isRecord(options) ? options : {}) as SdkRequest
  if (typeof request.method !== 'string' || typeof request.path !== 'string') return undefined
  const body = isRecord(request.body) ? request.body : {}
  // Speech comes as events where its format says so: the SDK hands its response over either way.
  const isSpeechStream = body['stream_format'] === 'sse' && request.path.endsWith('/audio/speech')
  const isStream = request.stream === true || isSpeechStream
  const inference = findInference(request.method, request.path, isStream)
  if (inference === undefined) return undefined
  const { host, port, provider } = findEndpoint(isRecord(client) ? client['baseURL'] : undefined)
  const model = readModel(request, body)
  const usage = body['stream_options']
  const attributes: Attributes = {
    [GEN_AI.OPERATION_NAME]: inference.operation,
    [GEN_AI.PROVIDER_NAME]: provider,
  }
  if (model !== '') attributes[GEN_AI.REQUEST_MODEL] = model
  if (host !== '') {
    attributes[GEN_AI.SERVER_ADDRESS] = host
    attributes[GEN_AI.SERVER_PORT] = port
  }
  if (isStream) attributes[GEN_AI.REQUEST_STREAM] = true
  if (inference.apiType !== undefined) attributes[GEN_AI.OPENAI_API_TYPE] = inference.apiType
  readParameters(body, attributes)
  return {
    ...inference,
    isStream,
    provider,
    model,
    host,
    port,
    usageRequested: isRecord(usage) && usage['include_usage'] === true,
    signal: readSignal(request.signal),
    choices: typeof body['n'] === 'number' && body['n'] > 1 ? body['n'] : 1,
    attributes,
  }
}

/** Longest model name that becomes an attribute. */
const MAX_MODEL_LENGTH = 256

/** The model that a request asks for; in uploads it is a part of the form. */
function readModel({ body: form, __metadata: metadata }: SdkRequest, body: Record<string, unknown>): string {
  if (typeof body['model'] === 'string') return body['model'].slice(0, MAX_MODEL_LENGTH)
  const ofForm = form instanceof FormData ? form.get('model') : undefined
  const found = typeof ofForm === 'string' ? ofForm : isRecord(metadata) ? metadata['model'] : undefined
  return typeof found === 'string' ? found.slice(0, MAX_MODEL_LENGTH) : ''
}

/** Parameters of the request that the conventions know, by the attribute they become. */
const NUMBERS: readonly (readonly [attribute: string, names: readonly string[]])[] = [
  [GEN_AI.REQUEST_SEED, ['seed']],
  [GEN_AI.REQUEST_MAX_TOKENS, ['max_completion_tokens', 'max_tokens', 'max_output_tokens']],
  [GEN_AI.REQUEST_TEMPERATURE, ['temperature']],
  [GEN_AI.REQUEST_TOP_P, ['top_p']],
  [GEN_AI.REQUEST_FREQUENCY_PENALTY, ['frequency_penalty']],
  [GEN_AI.REQUEST_PRESENCE_PENALTY, ['presence_penalty']],
]

function readParameters(body: Record<string, unknown>, attributes: Attributes): void {
  for (const [attribute, names] of NUMBERS) {
    for (const name of names) {
      const value = body[name]
      if (typeof value !== 'number') continue
      attributes[attribute] = value
      break
    }
  }
  // The conventions want the number of choices only where it is not one.
  if (typeof body['n'] === 'number' && body['n'] !== 1) attributes[GEN_AI.REQUEST_CHOICE_COUNT] = body['n']
  if (typeof body['service_tier'] === 'string') attributes[GEN_AI.OPENAI_REQUEST_SERVICE_TIER] = body['service_tier']
}

/** Weakly: its listeners may hold the very stream whose collection is waited for. */
function readSignal(signal: unknown): WeakRef<AbortSignal> | undefined {
  return isRecord(signal) && 'aborted' in signal ? new WeakRef(signal as unknown as AbortSignal) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
