import { FIRST_MS, idOf, MS_PER_STREAM } from './telemetry.ts'

/** A question of the page to the API. */
export interface Call {
  readonly name: string
  readonly path: string
}

/** What the page asks, over streams with the numbers from `first` up to `end`, of which `broken` has its chunk spans. */
export function callsOf(first: number, end: number, broken: number): readonly Call[] {
  const startMs = (share: number) => Math.round(FIRST_MS + (first + (end - first) * share) * MS_PER_STREAM)
  const middle = `${startMs(0.5)}000000-1`
  const one = `${idOf('trace', broken, 32)}/${idOf('span', broken, 16)}`
  return [
    { name: 'list, newest 100', path: '/api/streams' },
    { name: 'list, newest 500', path: '/api/streams?limit=500' },
    { name: 'list, a page in the middle', path: `/api/streams?cursor=${middle}` },
    { name: 'list of a service', path: '/api/streams?service=service-1' },
    { name: 'list of a model', path: '/api/streams?model=model-3' },
    { name: 'list of a host', path: '/api/streams?host=api-2.example' },
    { name: 'list of an outcome', path: '/api/streams?outcome=broken' },
    { name: 'list of a fault', path: '/api/streams?fault=connection_reset' },
    { name: 'list of a cause', path: '/api/streams?cause=provider_truncation' },
    { name: 'list of an hour', path: `/api/streams?since=${startMs(0.5)}&until=${startMs(0.5) + 3_600_000}` },
    { name: 'list of four conditions', path: '/api/streams?service=service-0&outcome=broken&model=model-0&text=api' },
    { name: 'list that is empty', path: '/api/streams?model=none' },
    { name: 'search for a name', path: '/api/streams?text=connection' },
    { name: 'search for an id', path: `/api/streams?text=${idOf('response', broken, 29)}` },
    { name: 'search for an anomaly', path: '/api/streams?text=stalled' },
    { name: 'search for one letter', path: '/api/streams?text=f' },
    { name: 'search for two words', path: '/api/streams?text=model-3%20ab' },
    { name: 'search that finds nothing', path: '/api/streams?text=nowhere%20at%20all' },
    { name: 'overview', path: '/api/overview' },
    { name: 'overview of an hour', path: `/api/overview?since=${startMs(1) - 3_600_000}` },
    { name: 'overview of a service', path: '/api/overview?service=service-1' },
    { name: 'overview of a search', path: '/api/overview?text=stalled' },
    { name: 'parse errors', path: '/api/parse-errors' },
    { name: 'parse errors of a model', path: '/api/parse-errors?model=model-3' },
    { name: 'one stream', path: `/api/streams/${one}` },
    { name: 'its chunk', path: `/api/streams/${one}/chunk.sse` },
    { name: 'the catalogue', path: '/api/faults' },
  ]
}

/** Asks, reads the whole answer, and says how long that took. */
export async function time(url: string, { name, path }: Call): Promise<{ readonly ms: number; readonly text: string }> {
  const start = performance.now()
  const response = await fetch(url + path)
  const text = await response.text()
  const ms = performance.now() - start
  if (response.status !== 200) throw new Error(`${name} was answered with ${response.status}: ${text}`)
  return { ms, text }
}
