import type { StreamAnswer } from '../../src/api/answers.ts'

import { formatBytes, formatMs, plural } from './units.ts'

/** What is said of a stream at first sight: one sentence, and what it rests on. */
export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad' | 'neutral'
  readonly title: string
  readonly sentence: string
}

const OUTCOMES: Readonly<Record<string, Verdict>> = {
  completed: { tone: 'good', title: 'Completed', sentence: 'The whole answer came, and its end was seen.' },
  broken: { tone: 'bad', title: 'Broken', sentence: 'A fault ended the stream before its answer was whole.' },
  cancelled: {
    tone: 'neutral',
    title: 'Cancelled',
    sentence: 'The application ended the stream: nothing was wrong with it.',
  },
  abandoned: {
    tone: 'neutral',
    title: 'Abandoned',
    sentence: 'The application never read the stream to an end, and let go of it.',
  },
  handed_off: {
    tone: 'neutral',
    title: 'Handed off',
    sentence: 'The application took the raw response, and its end was not seen.',
  },
}

const ENDS: Readonly<Record<string, string>> = {
  consumer_break: 'It left the loop over the chunks.',
  consumer_throw: 'It threw inside the loop over the chunks.',
  consumer_abort: 'It aborted the request.',
}

/** How far a stream came, in words; empty where nothing of it was seen. */
export function describeProgress({ outcome, events, bytes, durationMs, maxGapMs, end }: StreamProgress): string {
  if (events === null || bytes === null || outcome === 'completed') return ''
  if (bytes === 0) return `No byte of an answer came in ${formatMs(durationMs)}.`
  const progress = `It stopped after ${plural(events, 'event')} (${formatBytes(bytes)}), ${formatMs(durationMs)} after it began.`
  const wasSilent = end !== null && maxGapMs !== null && maxGapMs > 1000 && maxGapMs > durationMs / 2
  return wasSilent ? `${progress} For ${formatMs(maxGapMs)} of that no byte came.` : progress
}

/** What `describeProgress` reads. */
type StreamProgress = Pick<StreamAnswer['stream'], 'outcome' | 'events' | 'bytes' | 'durationMs' | 'maxGapMs' | 'end'>

/** The verdict on a stream, in words. */
export function toVerdict({ stream, fault, anomalies }: StreamAnswer): Verdict {
  const { outcome, end, errorType } = stream
  const known = Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined
  if (known === undefined) return { tone: 'neutral', title: outcome, sentence: 'Another program named this outcome.' }
  if (outcome === 'broken')
    return { ...known, title: errorType ?? known.title, sentence: fault?.meaning ?? known.sentence }
  if (outcome === 'completed' && anomalies.length > 0) {
    return {
      ...known,
      tone: 'warn',
      title: 'Completed, but',
      sentence: anomalies.map(({ meaning }) => meaning).join(' '),
    }
  }
  const how = end !== null && Object.hasOwn(ENDS, end) ? ` ${ENDS[end]}` : ''
  return { ...known, sentence: known.sentence + how }
}
