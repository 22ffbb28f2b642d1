import { useEffect, useState } from 'preact/hooks'

/** News of the store. */
export interface Live {
  /** Rises when something arrived. */
  readonly version: number
  /** Whether news come at all. */
  readonly isConnected: boolean
}

/** Many streams may end at once: the page looks again at most so often. */
const PAUSE_MS = 700

/** Follows what arrives. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ version: 0, isConnected: false })
  useEffect(() => {
    const source = new EventSource('/api/live')
    let timer: number | undefined
    const look = (): void => {
      timer = undefined
      setLive(({ version }) => ({ version: version + 1, isConnected: true }))
    }
    source.addEventListener('ingest', () => {
      timer ??= window.setTimeout(look, PAUSE_MS)
    })
    // Whatever arrived while nobody listened is looked for as well.
    source.addEventListener('open', look)
    source.addEventListener('error', () => setLive(({ version }) => ({ version, isConnected: false })))
    return () => {
      source.close()
      window.clearTimeout(timer)
    }
  }, [])
  return live
}
