import { logs, metrics, trace, type LoggerProvider, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation'
import { warnIfBlind } from './blind/warn-if-blind.ts'
import { warnUser } from './warn-user.ts'
import { FollowedProvider } from './followed-provider.ts'
import { Gauge } from './gauge.ts'
import { warnOnce } from './guard.ts'
import type { StreamgaugeOptions } from './options.ts'
import { MAX_MAJOR, MIN_MAJOR, MIN_MINOR, PACKAGE_NAME, PACKAGE_VERSION, SUPPORTED_OPENAI } from './package-info.ts'
import { patchClient } from './patch/patch-client.ts'
import { patchStream } from './patch/patch-stream.ts'
import { readOptions, type ResolvedOptions } from './read-options.ts'

/** Stands for the version of a copy of openai that does not tell it. */
const UNKNOWN = 'unknown'

/** Options of the instrumentation: ours, and `enabled`, which all instrumentations have. */
export type OpenAIStreamInstrumentationConfig = Omit<StreamgaugeOptions, 'enabled'> & InstrumentationConfig

/**
 * Watches every chunk of every streamed response of the `openai` SDK, and says why a stream stopped.
 *
 * Patches openai where it is loaded after this was created; ESM needs the loader hook of
 * `@streamgauge/instrumentation-openai/hook` as well.
 *
 * @throws RangeError in the constructor, naming the option, what is allowed and what came, for a bad option
 * @public
 */
export class OpenAIStreamInstrumentation extends InstrumentationBase<OpenAIStreamInstrumentationConfig> {
  // The base class patches from its constructor, before the fields of a subclass exist: hence no initialisers.
  declare private gauge: Gauge | undefined
  declare private resolved: ResolvedOptions | undefined
  declare private stopLooking: (() => void) | undefined

  readonly #tracers = new FollowedProvider(
    () => trace.getTracerProvider(),
    (provider) => super.setTracerProvider(provider),
  )
  readonly #meters = new FollowedProvider(
    () => metrics.getMeterProvider(),
    (provider) => super.setMeterProvider(provider),
  )
  readonly #loggers = new FollowedProvider(
    () => logs.getLoggerProvider(),
    (provider) => super.setLoggerProvider(provider),
  )

  constructor(options: OpenAIStreamInstrumentationConfig = {}) {
    // The base class would enable before this constructor runs on.
    super(PACKAGE_NAME, PACKAGE_VERSION, { ...options, enabled: false })
    this.setConfig(options)
  }

  /**
   * Changes the options of streams that begin from now on. A changed `enabled` switches it on or off.
   *
   * @throws RangeError naming the option, what is allowed and what came, for a bad option
   */
  override setConfig(config: OpenAIStreamInstrumentationConfig = {}): void {
    const before = this.resolved?.enabled
    this.resolved = readOptions(config, process.env, warnOnce)
    super.setConfig(config)
    if (this.gauge !== undefined) this.gauge.options = this.resolved
    // Who was disabled by a call stays so.
    if (before === this.resolved.enabled || before === undefined) return
    if (this.resolved.enabled) this.enable()
    else this.disable()
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    const files = (
      path: string,
      patch: (exports: Record<string, unknown>) => boolean,
    ): InstrumentationNodeModuleFile[] =>
      ['.js', '.mjs'].map((extension) => {
        const apply = (exports: Record<string, unknown>, version?: string): unknown => {
          if (!isSupported(version)) {
            warnUser(`openai ${version} is not watched; supported is openai ${SUPPORTED_OPENAI}.`)
          } else if (patch(exports)) {
            this.#watch().watches(version ?? UNKNOWN)
          } else if (isNeeded(path, version)) {
            warnUser(
              `openai ${version} is not watched, since ${path} is not what it is in any version known; tested are ` +
                `openai ${SUPPORTED_OPENAI}. Take a newer @streamgauge/instrumentation-openai, or another openai.`,
            )
          }
          return exports
        }
        // Disabling makes the patches pass everything through: taking them off would break whoever patched after us.
        return new InstrumentationNodeModuleFile(path + extension, ['*'], apply, () => {})
      })
    const definition = new InstrumentationNodeModuleDefinition('openai', ['*'], undefined, undefined, [
      ...files('openai/core/streaming', (exports) => patchStream(this.#watch(), exports['Stream'])),
      ...files('openai/client', (exports) => patchClient(this.#watch(), exports['OpenAI'])),
      // openai 4 has both elsewhere; later majors keep the first of these names for what they export again.
      ...files('openai/streaming', (exports) => patchStream(this.#watch(), exports['Stream'])),
      ...files('openai/core', (exports) => patchClient(this.#watch(), exports['APIClient'])),
    ])
    return [Object.assign(definition, { includePrerelease: true })]
  }

  /**
   * Watches again after `disable()`. Not where the option or the environment says off: registering calls this for whatever
   * is disabled, so `setConfig({ enabled: true })` is what switches it on.
   */
  override enable(): void {
    if (!this.#options().enabled) return
    super.enable()
    this.#watch().isEnabled = true
    this.stopLooking ??= warnIfBlind()
  }

  /** Watches no further request. Streams that are open run out as they would have. */
  override disable(): void {
    super.disable()
    if (this.gauge !== undefined) this.gauge.isEnabled = false
    this.stopLooking?.()
    this.stopLooking = undefined
  }

  override setTracerProvider(provider: TracerProvider): void {
    this.#tracers.give(provider)
  }

  override setMeterProvider(provider: MeterProvider): void {
    this.#meters.give(provider)
    this.gauge?.followMeter()
  }

  override setLoggerProvider(provider: LoggerProvider): void {
    this.#loggers.give(provider)
  }

  /**
   * Patches classes that no loader hook can see, such as those inside a bundle.
   *
   * @returns the names of what was not found in them
   */
  instrument(modules: { readonly OpenAI?: unknown; readonly Stream?: unknown }): string[] {
    const missing: string[] = []
    if (!patchClient(this.#watch(), modules.OpenAI)) missing.push('OpenAI')
    if (!patchStream(this.#watch(), modules.Stream)) missing.push('Stream')
    if (missing.length === 0) this.#watch().watches(UNKNOWN)
    return missing
  }

  /** Operations that have ended so far: whether there is anything new to flush. */
  get ended(): number {
    return this.gauge?.ended ?? 0
  }

  /** Ends what is still open, such as streams that nobody reads to their end. Call it before the SDK's shutdown. */
  finishOpen(): void {
    this.gauge?.finishOpen()
  }

  #options(): ResolvedOptions {
    return (this.resolved ??= readOptions(this.getConfig(), process.env, warnOnce))
  }

  #watch(): Gauge {
    if (this.gauge !== undefined) return this.gauge
    this.gauge = new Gauge(this.#options(), {
      tracer: () => {
        this.#tracers.follow()
        return this.tracer
      },
      logger: () => {
        this.#loggers.follow()
        return this.logger
      },
      meter: () => {
        this.#meters.follow()
        return this.meter
      },
    })
    this.gauge.isEnabled = this.isEnabled()
    return this.gauge
  }
}

/** A copy without a version is tried: what is not found in it is not patched. */
function isSupported(version: string | undefined): boolean {
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [MAX_MAJOR]
  return major > MIN_MAJOR ? major <= MAX_MAJOR : major === MIN_MAJOR && minor >= MIN_MINOR
}

/** Whether a major has its client or its streams in this file; others only export them again, if anything. */
function isNeeded(path: string, version: string | undefined): boolean {
  return path === 'openai/core' || path === 'openai/streaming'
    ? version?.startsWith('4.') === true
    : version !== undefined
}
