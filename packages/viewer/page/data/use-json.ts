import { useEffect, useState } from 'preact/hooks'

import { describeFailure, fetchJson } from './fetch-json.ts'

/** How far asking has come. What was there before stays until the new answer is there. */
export type Loading<Answer> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly message: string }

/**
 * Asks the API.
 *
 * @param version asks again when it changes
 */
export function useJson<Answer>(path: string, version: number): Loading<Answer> {
  const [loaded, setLoaded] = useState<{ readonly path: string; readonly loading: Loading<Answer> }>()
  useEffect(() => {
    const stopped = new AbortController()
    fetchJson<Answer>(path, stopped.signal).then(
      (answer) => setLoaded({ path, loading: { state: 'ready', answer } }),
      (error: unknown) => {
        if (!stopped.signal.aborted) setLoaded({ path, loading: { state: 'failed', message: describeFailure(error) } })
      },
    )
    return () => stopped.abort()
  }, [path, version])
  return loaded?.path === path ? loaded.loading : { state: 'loading' }
}
