import type { RequestOptions } from './calls.ts'
import type { Mishap } from './faults.ts'

/** An application that gives a stream up once nothing more comes of it. */
export interface Silence {
  readonly options: RequestOptions
  /** An event has come. */
  broken(): void
  stop(): void
}

/** Before the first event it waits longer: a busy machine is no silence. */
const PATIENCE = 10

/**
 * Aborts after the silence that an injector asks for, with the reason of a timeout unless the application aborts for one of
 * its own. `undefined` where nothing is to be given up.
 *
 * `AbortSignal.timeout()` strikes a process that was kept busy before it has read what came meanwhile: what an application
 * saw by then would depend on the machine.
 */
export function watchSilence({ reading, injector }: Mishap): Silence | undefined {
  const limitMs = injector.client?.signalTimeoutMs
  if (limitMs === undefined || reading === 'breaks_off') return undefined
  const controller = new AbortController()
  const reason = reading === 'aborts' ? undefined : new DOMException('Nothing came in time', 'TimeoutError')
  let events = 0
  let timer: NodeJS.Timeout
  const arm = (durationMs: number): void => {
    const before = events
    // What has arrived is read between a timer and what is set immediately.
    const look = (): void => (events === before ? controller.abort(reason) : arm(limitMs))
    timer = setTimeout(() => setImmediate(look), durationMs)
  }
  arm(limitMs * PATIENCE)
  return {
    options: { signal: controller.signal },
    broken: () => {
      if (events++ > 0) return
      clearTimeout(timer)
      arm(limitMs)
    },
    stop: () => clearTimeout(timer),
  }
}
