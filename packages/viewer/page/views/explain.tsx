import type { ComponentChildren } from 'preact'

import type { CatalogueAnswer } from '../../src/api/answers.ts'

import { useEffect, useState } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { CatalogueEntry, toEntries } from '../parts/catalogue-entry.tsx'
import { Failure } from '../parts/failure.tsx'
import { PictureKey } from '../parts/picture-key.tsx'
import { Settings } from '../parts/settings.tsx'

/** The catalogue: each fault and anomaly with its picture, its causes and what to do. */
export function Explain({ code }: { readonly code: string }) {
  const loading = useJson<CatalogueAnswer>('/api/faults', 0)
  const [text, setText] = useState('')
  const isReady = loading.state === 'ready'
  useEffect(() => {
    if (code !== '' && isReady) document.getElementById(code)?.scrollIntoView({ block: 'start' })
  }, [code, isReady])
  if (loading.state === 'failed') return <Failure message={loading.message} />
  if (loading.state === 'loading') return <p class="dim loading">Loading…</p>
  const { causes, confidences } = loading.answer
  const meets = (entry: object): boolean => JSON.stringify(entry).toLowerCase().includes(text.toLowerCase())
  const entries = toEntries(loading.answer).filter(meets)
  const shown = (tone: 'fault' | 'anomaly') => {
    const found = entries.filter((entry) => entry.tone === tone)
    return found.map((entry) => (
      <CatalogueEntry key={entry.code} {...{ entry, causes }} isChosen={entry.code === code} />
    ))
  }
  return (
    <div class="explain">
      <div class="title-row">
        <h1>What each name means</h1>
        <input
          type="search"
          aria-label="Search the catalogue"
          placeholder="Search the catalogue"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <PictureKey />
      <div class="catalogue">
        <nav class="contents" aria-label="Contents">
          {entries.map((entry) => (
            <a
              key={entry.code}
              class={entry.tone}
              href={`/explain/${entry.code}`}
              aria-current={entry.code === code ? 'true' : undefined}
            >
              {entry.code}
            </a>
          ))}
        </nav>
        <div>
          <Section title="Faults" note="what ended a stream; one each">
            {shown('fault')}
          </Section>
          <Section title="Anomalies" note="what was odd, and ended nothing">
            {shown('anomaly')}
          </Section>
          <Section title="Causes" note="why; always with how sure that is">
            <Meanings of={Object.entries(causes).filter((entry) => meets(entry))} haveSettings />
          </Section>
          <Section title="How sure" note="beside each cause">
            <Meanings of={Object.entries(confidences)} />
          </Section>
        </div>
      </div>
    </div>
  )
}

function Section(props: { readonly title: string; readonly note: string; readonly children: ComponentChildren }) {
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} <span class="note">{props.note}</span>
      </h2>
      {props.children}
    </section>
  )
}

function Meanings(props: { readonly of: readonly (readonly [string, string])[]; readonly haveSettings?: boolean }) {
  const { of, haveSettings = false } = props
  return (
    <div class="entry">
      <dl class="facts">
        {of.map(([name, meaning]) => (
          <div key={name}>
            <dt class="mono">{name}</dt>
            <dd>
              {meaning}
              {haveSettings ? <Settings of={name} /> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
