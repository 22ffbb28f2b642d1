import { findHops, type ResponseFacts } from '@streamgauge/core'

/** The head of a response. */
export interface HttpHead {
  readonly version: string
  readonly status: number
  /** By name in lower case; several of one name are joined. */
  readonly headers: ReadonlyMap<string, string>
}

/** Longest head that is read, in bytes. */
export const MAX_HEAD_BYTES = 262_144

/**
 * Splits the heads from what follows them. `100 Continue`, `200 Connection established` of a proxy and redirects stand before
 * the head of the answer, which is the last one.
 *
 * @returns the answer's head and where the body begins; `undefined` where the head does not end
 */
export function readHeads(bytes: Uint8Array): { readonly head: HttpHead; readonly bodyAt: number } | undefined {
  let at = 0
  for (;;) {
    const text = Buffer.from(bytes.subarray(at)).toString('latin1')
    const lead = /^\s*/.exec(text)?.[0].length ?? 0
    const end = /\r?\n\r?\n/.exec(text.slice(lead))
    if (end === null) return undefined
    const head = parseHead(text.slice(lead, lead + end.index))
    if (head === undefined) return undefined
    at += lead + end.index + end[0].length
    if (!STATUS_LINE.test(Buffer.from(bytes.subarray(at, at + 64)).toString('latin1'))) return { head, bodyAt: at }
  }
}

const STATUS_LINE = /^HTTP\/(\d(?:\.\d)?) (\d{3})(?: |\r|\n|$)/

function parseHead(text: string): HttpHead | undefined {
  const [first = '', ...lines] = text.split(/\r?\n/)
  const [, version, status] = STATUS_LINE.exec(`${first}\n`) ?? []
  if (version === undefined || status === undefined) return undefined
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return { version, status: Number(status), headers }
}

/** What the instrumentation would note of such a head. */
export function responseFactsOf({ version, status, headers }: HttpHead): ResponseFacts {
  return {
    status,
    contentType: headers.get('content-type'),
    contentEncoding: headers.get('content-encoding'),
    framing: framingOf(version, headers),
    via: headers.get('via'),
    proxies: findHops(headers.keys(), (name) => headers.get(name)),
  }
}

function framingOf(version: string, headers: ReadonlyMap<string, string>): ResponseFacts['framing'] {
  if (/\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')) return 'chunked'
  if (headers.has('content-length')) return 'length'
  return version.startsWith('1') ? 'close' : 'unknown'
}
