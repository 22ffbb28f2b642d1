import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const STACK = join(import.meta.dirname, '../../../stack')

/** Parts of a shipped file, and what stands in their place in a test. */
export type Replacements = readonly (readonly [part: string, replacement: string | number])[]

/** A host with a port, also within an address, and a value that is a path: all that a test may change. */
const PLACES = /[\w.-]+:\d{1,5}\b|^\/.*/g
/** Keys that hold a host or a port alone. */
const PLACE_KEYS = /(?:^|[._])(?:host|port|hostname)$/

/** The path of a file that is shipped. */
export function shippedPath(path: string): string {
  return join(STACK, path)
}

/**
 * A shipped configuration with other hosts, ports and paths.
 *
 * @throws Error where a part is not in it, or where anything else would be changed
 */
export function readShipped(path: string, replacements: Replacements): string {
  const shipped = readFileSync(shippedPath(path), 'utf8')
  let text = shipped
  for (const [part, replacement] of replacements) {
    if (!text.includes(part)) throw new Error(`${path} has no ${JSON.stringify(part)}`)
    text = text.replaceAll(part, `${replacement}`)
  }
  const [before, after] = [withoutPlaces(shipped), withoutPlaces(text)]
  for (const [key, value] of before) {
    if (after.get(key) !== value) throw new Error(`${path}: ${key} is no longer ${value} but ${after.get(key)}`)
  }
  if (after.size !== before.size) throw new Error(`${path} has ${after.size} values, not ${before.size}`)
  return text
}

/** All values of a YAML document by their path, with every host, port and path taken out of them. */
function withoutPlaces(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  const visit = (value: unknown, key: string): void => {
    if (value !== null && typeof value === 'object') {
      for (const [name, child] of Object.entries(value)) visit(child, key === '' ? name : `${key}.${name}`)
      values.set(key, `${Array.isArray(value) ? 'list' : 'map'} of ${Object.keys(value).length}`)
    } else values.set(key, PLACE_KEYS.test(key) ? 'place' : String(value).replaceAll(PLACES, 'place'))
  }
  visit(parse(text), '')
  return values
}
