import type { Advice, ProductAdvice, Setting } from '../../src/settings/index.ts'

import { useId, useRef, useState } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { CopyButton } from './copy-button.tsx'
import { Failure } from './failure.tsx'
import { Prose } from './prose.tsx'

/** What can be set against a fault, an anomaly or a cause, product by product: asked for when it is opened. */
export function Settings({ of: name }: { readonly of: string }) {
  const [wasOpened, setWasOpened] = useState(false)
  return (
    <details class="settings" onToggle={({ currentTarget }) => setWasOpened((was) => was || currentTarget.open)}>
      <summary>Settings to copy</summary>
      {wasOpened ? <AdviceOn name={name} /> : null}
    </details>
  )
}

function AdviceOn({ name }: { readonly name: string }) {
  const loading = useJson<Advice>(`/api/settings?for=${encodeURIComponent(name)}`, 0)
  if (loading.state === 'failed') return <Failure message={loading.message} />
  if (loading.state === 'loading') return <p class="dim">Loading…</p>
  const { products, noSetting } = loading.answer
  if (noSetting !== undefined) {
    return (
      <p>
        <Prose text={noSetting} />
      </p>
    )
  }
  return <Products products={products} />
}

/** Whoever has nginx has it at the next fault as well. */
let lastChosen = ''

function Products({ products }: { readonly products: readonly ProductAdvice[] }) {
  const [chosen, choose] = useState(lastChosen)
  const panel = useId()
  const list = useRef<HTMLDivElement>(null)
  const index = Math.max(
    0,
    products.findIndex(({ id }) => id === chosen),
  )
  const select = (at: number): void => {
    lastChosen = products.at(at % products.length)?.id ?? ''
    choose(lastChosen)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    select(index + step)
    const tabs = list.current?.querySelectorAll<HTMLElement>('[role=tab]')
    tabs?.item((index + step + products.length) % products.length).focus()
  }
  const product = products[index]
  return (
    <>
      <div class="products" role="tablist" aria-label="Products" ref={list} onKeyDown={onKeyDown}>
        {products.map(({ id, name, settings }, i) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${panel}-${id}`}
            class={settings.length === 0 ? 'dim' : ''}
            aria-selected={i === index}
            aria-controls={panel}
            tabIndex={i === index ? 0 : -1}
            onClick={() => select(i)}
          >
            {name}
          </button>
        ))}
      </div>
      {product === undefined ? null : (
        <div role="tabpanel" id={panel} aria-labelledby={`${panel}-${product.id}`}>
          {product.settings.map((setting) => (
            <ToCopy key={setting.snippet} setting={setting} />
          ))}
          {product.without.map(({ topic, reason }) => (
            <p key={topic}>
              <Prose text={reason} />
            </p>
          ))}
        </div>
      )}
    </>
  )
}

function ToCopy({ setting }: { readonly setting: Setting }) {
  const { where, snippet, why, bites, costs, since, source, verified } = setting
  return (
    <section class="setting">
      <div class="snippet">
        <pre tabIndex={0}>{snippet}</pre>
        <CopyButton label="Copy" text={() => `${snippet}\n`} />
      </div>
      <dl class="facts">
        <Fact title="where" text={where} />
        <Fact title="why" text={why} />
        <Fact title="default" text={bites} />
        {costs === undefined ? null : <Fact title="costs" text={costs} />}
        {since === undefined ? null : <Fact title="since" text={since} />}
      </dl>
      <p class="note">
        <a href={source} target="_blank" rel="noreferrer">
          documentation
        </a>
        {verified === 'run' ? ' · run: it broke before, and not after' : ' · not run by us'}
      </p>
    </section>
  )
}

function Fact({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <Prose text={text} />
      </dd>
    </div>
  )
}
