import type { ComponentChildren } from 'preact'

import { useLive } from './data/use-live.ts'
import { usePlace } from './router.ts'
import { Explain } from './views/explain.tsx'
import { Overview } from './views/overview.tsx'
import { Stream } from './views/stream.tsx'
import { Streams } from './views/streams.tsx'

const LINKS = [
  ['/', 'Overview'],
  ['/streams', 'Streams'],
  ['/explain', 'Explain'],
] as const

/** The whole page. */
export function App() {
  const { path, query } = usePlace()
  const live = useLive()
  const [, section = '', ...rest] = path.split('/')
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <span class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path class="wave" d="M3 18c4-8 8-8 12 0s7 8 9 2" />
            <path class="cut" d="M28 8v7M28 20v4" />
          </svg>
          Streamgauge
        </span>
        <nav aria-label="Views">
          {LINKS.map(([href, name]) => (
            <a key={href} href={href} aria-current={`/${section}` === href ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <span class={live.isConnected ? 'live on' : 'live'} role="status">
          {live.isConnected ? 'Live' : 'Offline'}
        </span>
      </header>
      <main id="main" tabIndex={-1}>
        {chooseView(section, rest, query, live.version)}
      </main>
    </>
  )
}

function chooseView(
  section: string,
  rest: readonly string[],
  query: URLSearchParams,
  version: number,
): ComponentChildren {
  const [first = '', second = ''] = rest
  if (section === 'streams' && rest.length === 2) return <Stream traceId={first} spanId={second} version={version} />
  if (section === 'streams') return <Streams query={query} version={version} />
  if (section === 'explain') return <Explain code={first} />
  return <Overview query={query} version={version} />
}
