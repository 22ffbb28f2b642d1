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

/** A browser connects again by itself where a connection broke, and not where it was refused: then we do, after so long. */
const REFUSED_PAUSE_MS = 5000

/** Follows what arrives. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ version: 0, isConnected: false })
  useEffect(() => {
    let source: EventSource | undefined
    let lookTimer: number | undefined
    let connectTimer: number | undefined
    const look = (): void => {
      lookTimer = undefined
      setLive(({ version }) => ({ version: version + 1, isConnected: true }))
    }
    const connect = (): void => {
      source = new EventSource('/api/live')
      source.addEventListener('ingest', () => {
        lookTimer ??= window.setTimeout(look, PAUSE_MS)
      })
      // Whatever arrived while nobody listened is looked for as well.
      source.addEventListener('open', look)
      source.addEventListener('error', () => {
        setLive(({ version }) => ({ version, isConnected: false }))
        if (source?.readyState === EventSource.CLOSED) connectTimer = window.setTimeout(connect, REFUSED_PAUSE_MS)
      })
    }
    connect()
    return () => {
      source?.close()
      window.clearTimeout(lookTimer)
      window.clearTimeout(connectTimer)
    }
  }, [])
  return live
}
