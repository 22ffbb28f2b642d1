import type { Attributes } from '@opentelemetry/api'
import { GEN_AI } from '@streamgauge/core/semconv'
import { findInference, type Inference } from './inference.ts'
import { findProvider } from './provider.ts'

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
  const url = readBaseUrl(client)
  const host = url?.hostname ?? ''
  const provider = findProvider(host)
  const model = readModel(request, body)
  const port = url === undefined ? undefined : Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
  const usage = body['stream_options']
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
    attributes: {
      [GEN_AI.OPERATION_NAME]: inference.operation,
      [GEN_AI.PROVIDER_NAME]: provider,
      ...(model === '' ? {} : { [GEN_AI.REQUEST_MODEL]: model }),
      ...(host === '' ? {} : { [GEN_AI.SERVER_ADDRESS]: host, [GEN_AI.SERVER_PORT]: port }),
      ...(isStream ? { [GEN_AI.REQUEST_STREAM]: true } : {}),
      ...(inference.apiType === undefined ? {} : { [GEN_AI.OPENAI_API_TYPE]: inference.apiType }),
      ...readParameters(body),
    },
  }
}

/** Longest model name that becomes an attribute. */
const MAX_MODEL_LENGTH = 256

/** The model that a request asks for; in uploads it is a part of the form. */
function readModel({ body: form, __metadata: metadata }: SdkRequest, body: Record<string, unknown>): string {
  const candidates = [
    body['model'],
    form instanceof FormData ? form.get('model') : undefined,
    isRecord(metadata) ? metadata['model'] : undefined,
  ]
  const found = candidates.find((candidate) => typeof candidate === 'string')
  return typeof found === 'string' ? found.slice(0, MAX_MODEL_LENGTH) : ''
}

/** Parameters of the request that the conventions know, by the attribute they become. */
const NUMBERS: readonly (readonly [attribute: string, ...names: string[]])[] = [
  [GEN_AI.REQUEST_SEED, 'seed'],
  [GEN_AI.REQUEST_MAX_TOKENS, 'max_completion_tokens', 'max_tokens', 'max_output_tokens'],
  [GEN_AI.REQUEST_TEMPERATURE, 'temperature'],
  [GEN_AI.REQUEST_TOP_P, 'top_p'],
  [GEN_AI.REQUEST_FREQUENCY_PENALTY, 'frequency_penalty'],
  [GEN_AI.REQUEST_PRESENCE_PENALTY, 'presence_penalty'],
]

function readParameters(body: Record<string, unknown>): Attributes {
  const attributes: Attributes = {}
  for (const [attribute, ...names] of NUMBERS) {
    const value = names.map((name) => body[name]).find((found) => typeof found === 'number')
    if (typeof value === 'number') attributes[attribute] = value
  }
  // The conventions want the number of choices only where it is not one.
  if (typeof body['n'] === 'number' && body['n'] !== 1) attributes[GEN_AI.REQUEST_CHOICE_COUNT] = body['n']
  if (typeof body['service_tier'] === 'string') attributes[GEN_AI.OPENAI_REQUEST_SERVICE_TIER] = body['service_tier']
  return attributes
}

function readBaseUrl(client: unknown): URL | undefined {
  const base = isRecord(client) ? client['baseURL'] : undefined
  return typeof base === 'string' && URL.canParse(base) ? new URL(base) : undefined
}

/** Weakly: its listeners may hold the very stream whose collection is waited for. */
function readSignal(signal: unknown): WeakRef<AbortSignal> | undefined {
  return isRecord(signal) && 'aborted' in signal ? new WeakRef(signal as unknown as AbortSignal) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
