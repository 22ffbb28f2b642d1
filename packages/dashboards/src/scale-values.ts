import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const STACK = join(import.meta.dirname, '../stack')

/** Tiers of Collectors that have values of their own for Helm. */
export const TIERS = ['gateway', 'sampler'] as const

/** What comes behind it is the Collector's configuration; the chart takes it as it is, where `config` would be merged with its own. */
const KEY = 'alternateConfig:\n'

/** The values of a tier, as a path in the stack. */
export function valuesPath(tier: (typeof TIERS)[number]): string {
  return `scale/collector-${tier}.values.yaml`
}

/** The values of a tier as they stand there, with its configuration as it stands in `collector/`. */
export function valuesWithConfig(tier: (typeof TIERS)[number]): string {
  const values = readFileSync(join(STACK, valuesPath(tier)), 'utf8')
  const config = readFileSync(join(STACK, `collector/${tier}.yaml`), 'utf8')
  const start = values.indexOf(KEY)
  if (start === -1) throw new Error(`${valuesPath(tier)} has no ${KEY.trim()}`)
  return values.slice(0, start + KEY.length) + config.replaceAll(/^(?=.)/gm, '  ')
}
