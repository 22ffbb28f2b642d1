import type { Attributes } from './any-value.ts'
import type { JsonObject } from './fields.ts'

import { readAttributes } from './any-value.ts'
import { asObject, readList, readObject, readText, MalformedOtlp, OversizedOtlp, UnusableRecord } from './fields.ts'

/** What the records of one scope have in common. */
export interface Scope {
  readonly resource: Attributes
  readonly service: string
  readonly scopeName: string
  readonly scopeVersion: string
}

/** The three signals nest the same way; only the names of the levels differ. */
export interface Levels {
  readonly resources: string
  readonly scopes: string
  readonly items: string
}

/** Records of a request, and how many could not be kept; `reason` is the first cause. */
export interface Decoded<Item> {
  readonly records: readonly Item[]
  readonly rejected: number
  readonly reason: string
}

/** Decodes one item; it may yield several records (a metric has many points), and calls `keep` once for each. */
export type DecodeItem<Item> = (item: JsonObject, scope: Scope, where: string, tally: Tally<Item>) => void

/** Most records of a request, kept or refused: a refused one may be a few bytes, and still costs an error. */
const MAX_RECORDS = 50_000

/** Collects records, and counts those that throw `UnusableRecord` while all else throws on. */
export class Tally<Item> {
  readonly records: Item[] = []
  rejected = 0
  reason = ''

  keep(decode: () => Item | undefined): void {
    if (this.records.length + this.rejected >= MAX_RECORDS) {
      throw new OversizedOtlp(`The body has more than ${MAX_RECORDS} records`)
    }
    try {
      const record = decode()
      if (record !== undefined) this.records.push(record)
    } catch (error) {
      if (!(error instanceof UnusableRecord)) throw error
      this.rejected += 1
      this.reason ||= error.message
    }
  }
}

/** Walks resources, scopes and items of a request. */
export function decodeScopes<Item>(body: unknown, levels: Levels, decode: DecodeItem<Item>): Decoded<Item> {
  const tally = new Tally<Item>()
  // Within a message null stands for a default; a message itself it is not.
  if (body === null) throw new MalformedOtlp('the body must be an object.')
  for (const [resource, resourcePath] of items(asObject(body, 'the body'), levels.resources, '')) {
    const attributes = readAttributes(readObject(resource, 'resource', resourcePath), 'attributes', resourcePath)
    const name = attributes['service.name']
    for (const [entry, scopePath] of items(resource, levels.scopes, `${resourcePath}.`)) {
      const scopeFields = readObject(entry, 'scope', scopePath)
      const scope = {
        resource: attributes,
        service: typeof name === 'string' ? name : '',
        scopeName: readText(scopeFields, 'name', `${scopePath}.scope`),
        scopeVersion: readText(scopeFields, 'version', `${scopePath}.scope`),
      }
      for (const [item, where] of items(entry, levels.items, `${scopePath}.`)) decode(item, scope, where, tally)
    }
  }
  return tally
}

function* items(parent: JsonObject, key: string, prefix: string): Generator<readonly [JsonObject, string]> {
  const list = readList(parent, key, prefix === '' ? 'the body' : prefix.slice(0, -1))
  for (const [index, value] of list.entries()) {
    const where = `${prefix}${key}[${index}]`
    yield [asObject(value, where), where]
  }
}
