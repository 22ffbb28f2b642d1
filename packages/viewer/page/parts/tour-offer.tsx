import type { TourAnswer } from '../../src/api/answers.ts'

import { useEffect, useState } from 'preact/hooks'

import { describeFailure, fetchJson, postJson } from '../data/fetch-json.ts'
import { Failure } from './failure.tsx'

/** While the tour plays: its first streams replace what is shown, unless it fails before. */
const LOOK_AGAIN_MS = 1000

/** For whoever has no application at hand: a button that plays the demo's tour, where the viewer has one. */
export function TourOffer() {
  const [tour, setTour] = useState<TourAnswer>()
  const take = (asked: Promise<TourAnswer>): void => {
    asked.then(setTour, (error: unknown) => setTour({ state: 'ready', failure: describeFailure(error) }))
  }
  useEffect(() => take(fetchJson('/api/tour')), [])
  const isRunning = tour?.state === 'running'
  useEffect(() => {
    if (!isRunning) return undefined
    const timer = setInterval(() => take(fetchJson('/api/tour')), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isRunning])
  if (tour === undefined) return null
  if (tour.state === 'none') return <DemoElsewhere />
  const play = (): void => {
    setTour({ state: 'running', failure: null })
    take(postJson('/api/tour'))
  }
  return (
    <div class="tour">
      <p class="dim">
        No application at hand? The demo reads streams that break in dozens of ways, and shows them here.
      </p>
      <button type="button" disabled={isRunning} onClick={play}>
        <span aria-live="polite">
          {isRunning ? 'The demo plays: its first streams are about to come' : 'Play the demo'}
        </span>
      </button>
      {tour.failure === null ? null : <Failure message={tour.failure} />}
    </div>
  )
}

function DemoElsewhere() {
  return (
    <p class="dim">
      No application at hand? <code>npx streamgauge demo</code> reads streams that break in dozens of ways, and shows
      them on a page like this one.
    </p>
  )
}
