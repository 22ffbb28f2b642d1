import { OPTION_ENV } from '@streamgauge/core/semconv'
import { nearest } from './nearest-name.ts'
import type { StreamgaugeOptions } from './options.ts'

/** Options with every default filled in. */
export type ResolvedOptions = {
  readonly [K in Exclude<keyof StreamgaugeOptions, 'redact'>]-?: Exclude<StreamgaugeOptions[K], undefined>
} & Pick<StreamgaugeOptions, 'redact'>

/** What an option may be. */
type Rule =
  | { readonly kind: 'choice'; readonly allowed: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }

type EnvOption = keyof typeof OPTION_ENV

const RULES: Readonly<Record<EnvOption, Rule>> = {
  rawChunk: { kind: 'choice', allowed: ['masked', 'full', 'off'] },
  maxRawChunkBytes: { kind: 'integer', min: 64, max: 65_536 },
  chunkSpans: { kind: 'choice', allowed: ['on_fault', 'all', 'off'] },
  maxChunkSpans: { kind: 'integer', min: 1, max: 4096 },
  stallThresholdMs: { kind: 'integer', min: 1, max: 2_147_483_647 },
  recorderBytes: { kind: 'integer', min: 0, max: 1_048_576 },
  chunkTiming: { kind: 'choice', allowed: ['sampled', 'all', 'off'] },
  semconv: { kind: 'choice', allowed: ['latest', 'v1.41', 'dup'] },
  enabled: { kind: 'boolean' },
}

const DEFAULTS: ResolvedOptions = {
  rawChunk: 'masked',
  maxRawChunkBytes: 1024,
  chunkSpans: 'on_fault',
  maxChunkSpans: 256,
  stallThresholdMs: 30_000,
  recorderBytes: 16_384,
  chunkTiming: 'sampled',
  semconv: 'latest',
  dialects: [],
  enabled: true,
}

const KNOWN = [...Object.keys(DEFAULTS), 'redact']

/**
 * Fills the options from the environment and the defaults.
 *
 * @param warn told in one sentence of each variable that holds something else than it may, where the default is used then,
 *   and of each option that there is none of
 * @throws RangeError naming the option, what is allowed and what came, for a bad option
 */
export function readOptions(
  options: StreamgaugeOptions,
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): ResolvedOptions {
  const resolved: Record<string, unknown> = { ...DEFAULTS, ...readEnvironment(env, warn) }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!KNOWN.includes(name))
      warn(`option ${show(name)} is not known; the nearest that is, is '${nearest(name, KNOWN)}'.`)
    checkOption(name, value)
    resolved[name] = value
  }
  return resolved as unknown as ResolvedOptions
}

function checkOption(name: string, value: unknown): void {
  const rule = isEnvOption(name) ? RULES[name] : undefined
  if (rule !== undefined && !isAllowed(rule, value)) {
    throw new RangeError(`Option ${name} must be ${describe(rule)}, but was ${show(value)}.`)
  }
  if (name === 'redact' && typeof value !== 'function') {
    throw new RangeError(`Option redact must be a function, but was ${show(value)}.`)
  }
  if (name === 'dialects') checkDialects(value)
}

function checkDialects(value: unknown): void {
  const isDialect = (entry: unknown): boolean =>
    typeof entry === 'object' &&
    entry !== null &&
    'terminator' in entry &&
    (entry.terminator === 'required' || entry.terminator === 'optional') &&
    (!('host' in entry) || entry.host === undefined || typeof entry.host === 'string') &&
    (!('model' in entry) || entry.model === undefined || typeof entry.model === 'string')
  if (Array.isArray(value) && value.every(isDialect)) return
  throw new RangeError(
    `Option dialects must be a list of {host?, model?, terminator: 'required' | 'optional'}, but was ${show(value)}.`,
  )
}

function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Partial<Record<EnvOption, unknown>> {
  const found: Partial<Record<EnvOption, unknown>> = {}
  if (CAPTURES_CONTENT.test(env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] ?? '')) found.rawChunk = 'full'
  for (const [name, variable] of Object.entries(OPTION_ENV)) {
    const text = env[variable]
    if (text === undefined || text === '' || !isEnvOption(name)) continue
    const rule = RULES[name]
    const value = parse(rule, text.trim())
    if (isAllowed(rule, value)) found[name] = value
    else warn(`${variable} must be ${describe(rule)}, but is ${show(text)}; using ${String(DEFAULTS[name])}.`)
  }
  if (isTrue(env['OTEL_SDK_DISABLED'])) found.enabled = false
  return found
}

function isEnvOption(name: string): name is EnvOption {
  return Object.hasOwn(RULES, name)
}

function parse(rule: Rule, text: string): unknown {
  if (rule.kind === 'integer') return /^\d+$/.test(text) ? Number(text) : text
  if (rule.kind === 'boolean') return /^(true|false)$/i.test(text) ? isTrue(text) : text
  return text
}

/** Content capture is a boolean in JavaScript and a place elsewhere: any place but none is a yes. */
const CAPTURES_CONTENT = /^\s*(true|span_only|event_only|span_and_event)\s*$/i

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true'
}

function isAllowed(rule: Rule, value: unknown): boolean {
  if (rule.kind === 'choice') return typeof value === 'string' && rule.allowed.includes(value)
  if (rule.kind === 'boolean') return typeof value === 'boolean'
  return typeof value === 'number' && Number.isInteger(value) && value >= rule.min && value <= rule.max
}

function describe(rule: Rule): string {
  if (rule.kind === 'choice') return `one of ${rule.allowed.map((name) => `'${name}'`).join(', ')}`
  return rule.kind === 'boolean' ? 'true or false' : `a whole number from ${rule.min} to ${rule.max}`
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 64)}'`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
