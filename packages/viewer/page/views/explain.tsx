import type { ComponentChildren } from 'preact'

import type { CatalogueAnswer } from '../../src/api/answers.ts'

import { useEffect, useState } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { Failure } from '../parts/failure.tsx'
import { Prose } from '../parts/prose.tsx'
import { Settings } from '../parts/settings.tsx'
import { address } from '../router.ts'

/** The catalogue: each fault, anomaly and cause in words. */
export function Explain({ code }: { readonly code: string }) {
  const loading = useJson<CatalogueAnswer>('/api/faults', 0)
  const [text, setText] = useState('')
  const isReady = loading.state === 'ready'
  useEffect(() => {
    if (code !== '' && isReady) document.getElementById(code)?.scrollIntoView({ block: 'start' })
  }, [code, isReady])
  if (loading.state === 'failed') return <Failure message={loading.message} />
  if (loading.state === 'loading') return <p class="dim loading">Loading…</p>
  const { faults, anomalies, causes, confidences } = loading.answer
  const meets = (entry: object): boolean => JSON.stringify(entry).toLowerCase().includes(text.toLowerCase())
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
      <Section title="Faults" note="what ended a stream; one each">
        {faults.filter(meets).map((fault) => (
          <article key={fault.code} id={fault.code} class={fault.code === code ? 'entry chosen' : 'entry'}>
            <h3>
              <a href={address('/streams', { fault: fault.code })}>{fault.code}</a>
              <span class="tag">{fault.class}</span>
            </h3>
            <p>
              <Prose text={fault.meaning} />
            </p>
            <Details rule={fault.rule} remedy={fault.remedy} causes={fault.causes} />
            <Settings of={fault.code} />
          </article>
        ))}
      </Section>
      <Section title="Anomalies" note="what was odd, and ended nothing">
        {anomalies.filter(meets).map((anomaly) => (
          <article key={anomaly.type} id={anomaly.type} class={anomaly.type === code ? 'entry chosen' : 'entry'}>
            <h3>
              <a href={address('/streams', { text: anomaly.type })}>{anomaly.type}</a>
            </h3>
            <p>
              <Prose text={anomaly.meaning} />
            </p>
            <Details rule={anomaly.rule} remedy={anomaly.remedy} causes={anomaly.causes} />
            <Settings of={anomaly.type} />
          </article>
        ))}
      </Section>
      <Section title="Causes" note="why; always with how sure that is">
        <article class="entry wide">
          <Meanings of={Object.entries(causes).filter((entry) => meets(entry))} />
        </article>
      </Section>
      <Section title="How sure" note="beside each cause">
        <article class="entry wide">
          <Meanings of={Object.entries(confidences)} />
        </article>
      </Section>
    </div>
  )
}

function Section(props: { readonly title: string; readonly note: string; readonly children: ComponentChildren }) {
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} <span class="note">{props.note}</span>
      </h2>
      <div class="entries">{props.children}</div>
    </section>
  )
}

function Details(props: { readonly rule: string; readonly remedy: string; readonly causes: readonly string[] }) {
  return (
    <dl class="facts">
      <div>
        <dt>seen by</dt>
        <dd>
          <Prose text={props.rule} />
        </dd>
      </div>
      {props.causes.length === 0 ? null : (
        <div>
          <dt>causes</dt>
          <dd class="mono">{props.causes.join(', ')}</dd>
        </div>
      )}
      <div>
        <dt>to do</dt>
        <dd>
          <Prose text={props.remedy} />
        </dd>
      </div>
    </dl>
  )
}

function Meanings({ of }: { readonly of: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, meaning]) => (
        <div key={name}>
          <dt class="mono">{name}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  )
}
