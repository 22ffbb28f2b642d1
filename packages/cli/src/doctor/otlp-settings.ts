type Environment = Readonly<Record<string, string | undefined>>

/** The three kinds of telemetry. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const
/** @see SIGNALS */
export type Signal = (typeof SIGNALS)[number]

export const PROTOCOLS: readonly string[] = ['http/protobuf', 'http/json', 'grpc']

/** Where the exporters of one kind of telemetry send. */
export interface OtlpSetting {
  readonly signal: Signal
  /** Names of the exporters: `otlp` by default. */
  readonly exporters: readonly string[]
  readonly protocol: string
  /** As it is written, with the path of its kind where the specification adds it. */
  readonly url: string
  /** The variable that names it; `undefined` for the default. */
  readonly variable: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Reads the settings of one kind, as the specification of the exporters has it: its own variables win, and only the common
 * endpoint gets a path added.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readOtlpSetting(signal: Signal, env: Environment): OtlpSetting {
  const upper = signal.toUpperCase()
  const ownName = `OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`
  const own = valueOf(env, ownName)
  const common = valueOf(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  const protocol =
    valueOf(env, `OTEL_EXPORTER_OTLP_${upper}_PROTOCOL`) ??
    valueOf(env, 'OTEL_EXPORTER_OTLP_PROTOCOL') ??
    'http/protobuf'
  const fallback = protocol === 'grpc' ? 'http://localhost:4317' : 'http://localhost:4318'
  const base = common ?? fallback
  return {
    signal,
    exporters: (valueOf(env, `OTEL_${upper}_EXPORTER`) ?? 'otlp').split(',').map((name) => name.trim()),
    protocol,
    url: own ?? (protocol === 'grpc' ? base : `${base.replace(/\/$/, '')}/v1/${signal}`),
    variable: own === undefined ? (common === undefined ? undefined : 'OTEL_EXPORTER_OTLP_ENDPOINT') : ownName,
    headers: {
      ...readHeaders(valueOf(env, 'OTEL_EXPORTER_OTLP_HEADERS')),
      ...readHeaders(valueOf(env, `OTEL_EXPORTER_OTLP_${upper}_HEADERS`)),
    },
  }
}

function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

/** `name=value,name=value`, percent-encoded. */
function readHeaders(text = ''): Record<string, string> {
  const entries = text.split(',').flatMap((entry) => {
    const at = entry.indexOf('=')
    return at < 1 ? [] : [[entry.slice(0, at).trim(), decode(entry.slice(at + 1).trim())] as const]
  })
  return Object.fromEntries(entries)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
