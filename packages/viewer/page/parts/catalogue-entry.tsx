import type { CatalogueAnswer } from '../../src/api/answers.ts'

import { address } from '../router.ts'
import { WIRE_PICTURES } from '../text/wire-pictures.ts'
import { Prose } from './prose.tsx'
import { Settings } from './settings.tsx'
import { WirePicture } from './wire-picture.tsx'

/** What faults and anomalies have in common. */
export interface Entry {
  readonly code: string
  readonly tone: 'fault' | 'anomaly'
  /** Beside its name: the class of a fault. */
  readonly tag: string | null
  readonly meaning: string
  readonly rule: string
  readonly causes: readonly string[]
  readonly remedy: string
  /** Where the rule is written down. */
  readonly source: string | null
  /** The streams that have it; absent where no filter finds them. */
  readonly streams: string | null
}

/** Faults and anomalies of the catalogue, in its order. */
export function toEntries({ faults, anomalies }: CatalogueAnswer): readonly Entry[] {
  return [
    ...faults.map((fault): Entry => ({
      ...fault,
      tone: 'fault',
      tag: fault.class,
      // Its streams have the status as their code.
      streams: fault.code === 'http_status' ? null : address('/streams', { fault: fault.code }),
    })),
    ...anomalies.map((anomaly): Entry => ({
      ...anomaly,
      code: anomaly.type,
      tone: 'anomaly',
      tag: null,
      source: null,
      streams: address('/streams', { text: anomaly.type }),
    })),
  ]
}

/** One entry: its picture, what was observed and by which rule, its causes, and what to do. */
export function CatalogueEntry(props: {
  readonly entry: Entry
  readonly causes: CatalogueAnswer['causes']
  readonly isChosen: boolean
}) {
  const { entry, causes, isChosen } = props
  const { code, tone, tag, meaning, rule, remedy, source, streams } = entry
  const picture = Object.hasOwn(WIRE_PICTURES, code) ? WIRE_PICTURES[code as keyof typeof WIRE_PICTURES] : undefined
  return (
    <article id={code} class={isChosen ? 'entry chosen' : 'entry'}>
      <header>
        <h3>
          <a href={`/explain/${code}`}>{code}</a>
        </h3>
        {tag === null ? null : <span class="tag">{tag}</span>}
        {streams === null ? null : (
          <a class="note" href={streams}>
            streams that have it
          </a>
        )}
      </header>
      <div class="shown">
        <p class="meaning">
          <Prose text={meaning} />
        </p>
        {picture === undefined ? null : <WirePicture picture={picture} tone={tone} />}
      </div>
      <dl class="told">
        <dt>What to do</dt>
        <dd class="remedy">
          <Prose text={remedy} />
        </dd>
        {entry.causes.length === 0 ? null : <dt>Causes, the likeliest first</dt>}
        {entry.causes.map((cause) => (
          <dd key={cause} class="cause">
            <code>{cause}</code> <span class="dim">{Object.hasOwn(causes, cause) ? causes[cause] : ''}</span>
          </dd>
        ))}
        <dt>The rule it is recognised by</dt>
        <dd class="dim">
          <Prose text={rule} />
          {source === null ? null : (
            <>
              {' '}
              <a href={source} target="_blank" rel="noreferrer">
                Source
              </a>
            </>
          )}
        </dd>
      </dl>
      <Settings of={code} />
    </article>
  )
}
