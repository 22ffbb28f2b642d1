import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { Row, Store } from '@streamgauge/viewer'
import { escapeForTerminal } from '../print/escape.ts'
import { paint } from '../print/style.ts'
import { keepStart } from '../print/width.ts'
import { watchInput } from '../watch-input.ts'
import { outputGone } from '../watch-output.ts'

/**
 * Tells of each stream of any application that is pointed at the receiver, until the signal, or until nobody is there who
 * could read of them.
 */
export async function followStreams(store: Store, signal: AbortSignal): Promise<void> {
  const takeNew = findNewStreams(store)
  const unsubscribe = store.subscribe((event) => {
    if (event.type !== 'ingest' || event.streams === 0) return
    for (const stream of takeNew()) process.stdout.write(`${formatStream(stream)}\n`)
  })
  const ended = AbortSignal.any([signal, outputGone, await watchInput()])
  await new Promise<void>((resolve) => {
    if (ended.aborted) resolve()
    else ended.addEventListener('abort', () => resolve(), { once: true })
  })
  unsubscribe()
}

const LAST_SPAN = 'SELECT coalesce(max(id), 0) AS id FROM spans'

const NEW_STREAMS = `
SELECT id, outcome,
  coalesce(attributes ->> '$."${GEN_AI.REQUEST_MODEL}"', attributes ->> '$."${GEN_AI.RESPONSE_MODEL}"', '?') AS model,
  outcome || coalesce(': ' || (attributes ->> '$."${GEN_AI.ERROR_TYPE}"'), '') AS verdict,
  coalesce(attributes ->> '$."${ATTR.REMEDY}"', '') AS remedy
FROM spans WHERE outcome IS NOT NULL AND id > :last ORDER BY id`

/** Each call answers with the streams that arrived since the one before. The oldest spans go first: so ids only grow. */
function findNewStreams(store: Store): () => readonly Row[] {
  let last = Number(store.select(LAST_SPAN)[0]?.['id'])
  return () => {
    const streams = store.select(NEW_STREAMS, { last })
    last = Number(streams.at(-1)?.['id'] ?? last)
    return streams
  }
}

function formatStream({ outcome, model, verdict, remedy }: Row): string {
  const parts = [model, verdict, remedy].map(String).filter((part) => part !== '')
  return paint(outcome === 'broken' ? 'red' : 'green', parts.map(formatPart).join('  '))
}

/** Most columns of a part of a line: any program may send a name of megabytes. */
const MAX_PART = 200

function formatPart(text: string): string {
  // One more, so that it is seen that there is more.
  return keepStart(escapeForTerminal(text.slice(0, MAX_PART + 1)), MAX_PART)
}
