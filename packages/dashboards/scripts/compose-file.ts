import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'

/** A port on loopback that a service is published at, and the variable that chooses it. */
export interface PublishedPort {
  readonly service: string
  readonly variable: string
  readonly usual: string
}

interface ComposeFile {
  readonly services: Readonly<Record<string, { readonly ports?: readonly string[] }>>
}

/** As docker-compose.yml writes all of them: `127.0.0.1:${GRAFANA_PORT:-3000}:3000`. */
const PORT = /^127\.0\.0\.1:\$\{(?<variable>\w+):-(?<usual>\d+)\}:\d+$/

/** The ports that docker-compose.yml publishes. */
export function readPorts(path: string): readonly PublishedPort[] {
  const { services } = parse(readFileSync(path, 'utf8')) as ComposeFile
  return Object.entries(services).flatMap(([service, { ports = [] }]) =>
    ports.map((port) => {
      const { variable, usual } = PORT.exec(port)?.groups ?? {}
      if (variable === undefined || usual === undefined) throw new Error(`${path}: no port can be read from "${port}"`)
      return { service, variable, usual }
    }),
  )
}

/** Variables as Compose sees them: those of the environment, and behind them those of its file. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Reads a file such as `.env`; there need not be one. */
export function readVariables(path: string, environment: Variables): Variables {
  const inFile = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  return { ...inFile, ...environment }
}

/** What `${NAME:-otherwise}` becomes. */
export function resolveVariable(variables: Variables, name: string, otherwise: string): string {
  const value = variables[name] ?? ''
  return value === '' ? otherwise : value
}
