/** What a view is narrowed to, as it stands in the address. Times in milliseconds since 1970. */
export interface Narrowing {
  /** A name of `RANGES`; moves on with the time. */
  readonly range: string
  /** A part of the time that stays where it is; both ends, or none. */
  readonly from: number | null
  readonly to: number | null
  readonly model: string
  readonly host: string
  readonly service: string
}

/** How far back an overview looks. */
export const RANGES: readonly { readonly name: string; readonly title: string; readonly ms: number }[] = [
  { name: '', title: 'All time', ms: Number.POSITIVE_INFINITY },
  { name: '15m', title: 'Last 15 minutes', ms: 900_000 },
  { name: '1h', title: 'Last hour', ms: 3_600_000 },
  { name: '24h', title: 'Last day', ms: 86_400_000 },
]

/** Reads what an address says; what makes no sense in it is left out. */
export function readNarrowing(query: URLSearchParams): Narrowing {
  const range = query.get('range') ?? ''
  const [from, to] = [readMs(query.get('from')), readMs(query.get('to'))]
  const isPart = from !== null && to !== null && from < to
  return {
    range: RANGES.some(({ name }) => name === range) ? range : '',
    from: isPart ? from : null,
    to: isPart ? to : null,
    model: query.get('model') ?? '',
    host: query.get('host') ?? '',
    service: query.get('service') ?? '',
  }
}

function readMs(text: string | null): number | null {
  return text !== null && /^\d{1,13}$/.test(text) ? Number(text) : null
}

/** The same as an address has it, without what is empty. */
export function narrowingQuery({ range, from, to, ...names }: Narrowing): Readonly<Record<string, string | null>> {
  if (from === null || to === null) return { range, ...names }
  return { from: String(from), to: String(to), ...names }
}

/** The same as parameters of the API. */
export function narrowingParameters(narrowing: Narrowing, nowMs: number): Readonly<Record<string, string | null>> {
  const { range, from, to, model, host, service } = narrowing
  const rangeMs = RANGES.find(({ name }) => name === range)?.ms ?? Number.POSITIVE_INFINITY
  const sinceMs = from ?? (Number.isFinite(rangeMs) ? nowMs - rangeMs : null)
  return {
    since: sinceMs === null ? null : String(sinceMs),
    until: to === null ? null : String(to),
    model,
    host,
    service,
  }
}
