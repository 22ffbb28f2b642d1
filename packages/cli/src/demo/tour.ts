import { expectedFor, FAULTS, HEALTHY, speaks, type ClientHints, type Injector } from '@streamgauge/fault-server'
import { CliError } from '../cli-error.ts'

/** Major version of the SDK that the demo's application uses. */
export const SDK_MAJOR = 7

/** One stream of the tour: what is asked for, and what a truthful observer says of it. */
export interface Stop {
  readonly name: string
  readonly kind: 'fault' | 'healthy'
  /** Asks the fault server for this stream; comes back in the telemetry as the requested model. */
  readonly model: string
  readonly api: 'chat' | 'responses'
  readonly client: ClientHints
  readonly expected: {
    readonly outcome: string
    readonly errorType?: string | undefined
    readonly anomalies: readonly string[]
  }
}

const ALL: readonly Stop[] = [
  ...HEALTHY.map((injector) => toStop(injector, 'healthy')),
  ...FAULTS.map((injector) => toStop(injector, 'fault')),
]

/**
 * The streams to ask for.
 *
 * @param names of faults or healthy streams; none for all of them
 * @throws CliError for a name that nothing has
 */
export function planTour(names: readonly string[]): readonly Stop[] {
  if (names.length === 0) return ALL
  return [...new Set(names)].map((name) => {
    const found = ALL.find((stop) => stop.name === name)
    if (found !== undefined) return found
    throw new CliError('usage', `There is no fault ${JSON.stringify(name)}; \`streamgauge faults\` lists them.`)
  })
}

function toStop(injector: Injector, kind: Stop['kind']): Stop {
  const { outcome, errorType, anomalies = [] } = expectedFor(injector, SDK_MAJOR)
  return {
    name: injector.name,
    kind,
    model: `${kind}:${injector.name}`,
    api: speaks(injector, 'chat') ? 'chat' : 'responses',
    client: injector.client ?? {},
    expected: { outcome, errorType, anomalies },
  }
}
