import { FAULTS } from './faults/index.ts'
import { HEALTHY } from './healthy/index.ts'
import { plain } from './healthy/plain.ts'
import { RequestError } from './http/error-body.ts'
import { HTTP2_FAULTS } from './http2-faults/index.ts'
import type { Injector } from './injector.ts'
import { findNearestName } from './nearest-name.ts'

const MODEL_NAME = /^(fault|healthy):(.*)$/s

/** What a server can play: the built-in tables, and what the caller added. */
export interface Catalogue {
  /** Finds by bare name, among faults and healthy streams; `param` is where the name stood, for the error. */
  find(name: string, param: string): Injector
  /** Finds by model name: `fault:<name>`, `healthy:<name>`; anything else is answered plainly. */
  findByModel(model: string): Injector
  readonly models: readonly string[]
}

/** Makes the catalogue of one server. An added fault replaces a built-in one of the same name. */
export const createCatalogue = (extraFaults: readonly Injector[], isHttp2: boolean): Catalogue => {
  const faults = new Map([...FAULTS, ...HTTP2_FAULTS, ...extraFaults].map((injector) => [injector.name, injector]))
  const healthy = new Map(HEALTHY.map((injector) => [injector.name, injector]))
  const all = new Map([...healthy, ...faults])

  const fits = ({ http }: Injector): boolean => http === undefined || http === (isHttp2 ? 2 : 1)

  const findIn = (table: ReadonlyMap<string, Injector>, name: string, param: string): Injector => {
    const injector = table.get(name)
    if (injector !== undefined) return injector
    const nearest = findNearestName(name, [...all.keys()])
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`
    throw new RequestError(
      400,
      'unknown_fault',
      `Unknown fault "${name}".${hint} Faults: ${[...faults.keys()].join(', ')}. ` +
        `Healthy streams: ${[...healthy.keys()].join(', ')}.`,
      param,
    )
  }

  return {
    find: (name, param) => findIn(all, name, param),
    findByModel: (model) => {
      const [, prefix, name = ''] = MODEL_NAME.exec(model) ?? []
      if (prefix === undefined) return plain
      return findIn(prefix === 'fault' ? faults : healthy, name, 'model')
    },
    models: [
      ...[...faults.values()].filter(fits).map(({ name }) => `fault:${name}`),
      ...[...healthy.values()].filter(fits).map(({ name }) => `healthy:${name}`),
    ],
  }
}
