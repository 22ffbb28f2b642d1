import { useEffect, useRef, useState } from 'preact/hooks'

import { describeFailure, fetchJson } from './fetch-json.ts'

/** How far asking has come. What was there before stays until the new answer is there. */
export type Loading<Answer> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly message: string }

/**
 * How much longer than an answer took the page waits before it asks for the same again: the viewer receives telemetry with the
 * same thread, and an overview of 200,000 streams costs it half a second.
 */
const PAUSE_PER_COST = 9

/**
 * Asks the API.
 *
 * @param path null where there is nothing to ask: that stays loading
 * @param version asks again when it changes
 */
export function useJson<Answer>(path: string | null, version: number): Loading<Answer> {
  const [loaded, setLoaded] = useState<{ readonly path: string | null; readonly loading: Loading<Answer> }>()
  const latest = useRef({ path, notBeforeMs: 0 })
  useEffect(() => {
    if (latest.current.path !== path) latest.current = { path, notBeforeMs: 0 }
    if (path === null) return undefined
    const mine = latest.current
    const ask = (): void => {
      const beganMs = performance.now()
      const take = (loading: Loading<Answer>): void => {
        const nowMs = performance.now()
        mine.notBeforeMs = nowMs + (nowMs - beganMs) * PAUSE_PER_COST
        if (latest.current === mine) setLoaded({ path, loading })
      }
      fetchJson<Answer>(path).then(
        (answer) => take({ state: 'ready', answer }),
        (error: unknown) => take({ state: 'failed', message: describeFailure(error) }),
      )
    }
    // Each change puts it off no further: the time at which it may ask again stays the same.
    const timer = setTimeout(ask, mine.notBeforeMs - performance.now())
    return () => clearTimeout(timer)
  }, [path, version])
  return loaded?.path === path ? loaded.loading : { state: 'loading' }
}
