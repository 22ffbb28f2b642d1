import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Source } from '../harness/answers.ts'
import type { Subject } from '../harness/subject.ts'
import { bareTwice, watched } from '../subjects/subjects.ts'
import { entryOf, folderOf } from './install.ts'
import type { Peer } from './peers.ts'

const SOURCES: readonly Source[] = ['queued', 'turns', 'socket']

/** What is measured: one of the peers, or this package. */
export interface Candidate {
  readonly version: string
  readonly subject: Subject
}

/** Those that run on the same `openai`, and are compared with the same bare runs of it. */
export interface Group {
  readonly openai: string
  readonly format: Subject['format']
  readonly source: Source
  /** At least one. */
  readonly peers: readonly Peer[]
}

export function groupsOf(peers: readonly Peer[]): Group[] {
  const groups = new Map<string, Group>()
  for (const source of SOURCES) {
    for (const peer of peers.filter(({ sources }) => sources.includes(source))) {
      const { format } = peer
      const { openai } = peer.packages
      const key = `${source} ${openai} ${format}`
      groups.set(key, { openai, format, source, peers: [...(groups.get(key)?.peers ?? []), peer] })
    }
  }
  return [...groups.values()]
}

/** The bare SDK of a group, twice. */
export function bareOf(group: Group): Subject[] {
  return bareTwice(majorOf(group), group.format).map((subject) => onto(subject, group))
}

/** This package, and the peers of a group. */
export function candidatesOf(group: Group): Candidate[] {
  const own = onto(watched(majorOf(group), group.format, 'Streamgauge'), group)
  return [{ version: ownVersion(), subject: own }, ...group.peers.map(candidateOf)]
}

function candidateOf(peer: Peer): Candidate {
  const folder = folderOf(peer)
  const { loader: [flag, file = ''] = [] } = peer
  const subject = {
    name: peer.name,
    setup: pathToFileURL(join(import.meta.dirname, `setups/${peer.setup}.ts`)).href,
    folder,
    openai: 'openai',
    entry: entryOf(peer),
    format: peer.format,
    nodeOptions: flag === undefined ? [] : [flag, pathToFileURL(join(folder, 'node_modules', file)).href],
    options: { ...peer.options, watcher: peer.watcher },
  }
  return { version: `${peer.watcher} ${peer.packages[peer.watcher] ?? ''}`, subject }
}

const majorOf = ({ openai }: Group): number => Number.parseInt(openai, 10)

/** Puts what the harness has for a major on the very version that the peers of a group run on. */
function onto(known: Subject, { peers: [peer] }: Group): Subject {
  return peer === undefined ? known : { ...known, openai: join(folderOf(peer), 'node_modules/openai') }
}

function ownVersion(): string {
  const require = createRequire(import.meta.url)
  const manifest = readFileSync(require.resolve('@streamgauge/instrumentation-openai/package.json'), 'utf8')
  const { name, version } = JSON.parse(manifest) as { readonly name: string; readonly version: string }
  return `${name} ${version}`
}
