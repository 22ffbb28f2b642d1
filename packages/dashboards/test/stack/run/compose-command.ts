import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const COMPOSE_FILE = join(import.meta.dirname, '../../../../../docker-compose.yml')

interface ComposeFile {
  readonly services: Readonly<Record<string, { readonly image: string; readonly command?: readonly string[] }>>
}

/**
 * The arguments that docker-compose.yml gives a service, with its variables at their defaults, other values for flags that
 * name places, and further flags.
 *
 * @throws Error where the service has no such flag
 */
export function composeCommand(service: string, places: Readonly<Record<string, string>>): readonly string[] {
  const flags = new Map(
    readCompose().services[service]?.command?.map((argument) => {
      const [flag = '', ...value] = withDefaults(argument).split('=')
      return [flag, value.join('=')] as const
    }),
  )
  for (const [flag, value] of Object.entries(places)) {
    if (!flags.has(flag)) throw new Error(`${service} has no ${flag} in docker-compose.yml`)
    flags.set(flag, value)
  }
  return [...flags].map(([flag, value]) =>
    value === '' && flag !== '--cluster.listen-address' ? flag : `${flag}=${value}`,
  )
}

/** The version of a service's image, as it is without any variable. */
export function composeVersion(service: string): string {
  const image = withDefaults(readCompose().services[service]?.image ?? '')
  return image.slice(image.lastIndexOf(':') + 1).replace(/^v/, '')
}

function readCompose(): ComposeFile {
  return parse(readFileSync(COMPOSE_FILE, 'utf8')) as ComposeFile
}

function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
}
