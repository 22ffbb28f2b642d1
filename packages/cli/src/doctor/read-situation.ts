import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPackages } from './find-packages.ts'
import { INSTRUMENTATION, WANTED } from './known-packages.ts'
import { findPreloads, splitWords } from './preloads.ts'
import { readJson, readProject, type Project } from './project.ts'
import { COMMAND, type Situation, type Start } from './situation.ts'

/**
 * Reads what there is in a folder, or where the script of the command is. Runs nothing, and changes nothing.
 *
 * @param command that starts the application, where one was given
 */
export function readSituation(cwd: string, env: Situation['env'], command: readonly string[]): Situation {
  // A command in the root of a monorepo may start what lies further down.
  const script = command.slice(1).find((word) => /\.[cm]?[jt]sx?$/.test(word) && isFile(resolve(cwd, word)))
  const folder = script === undefined ? cwd : dirname(resolve(cwd, script))
  const project = readProject(folder)
  const found = findPackages(folder, WANTED)
  return {
    project,
    found,
    env,
    starts: command.length > 0 ? [toStart(COMMAND, command)] : startsOf(project),
    nodeOptions: findPreloads(splitWords(env['NODE_OPTIONS'] ?? '')),
    peers: readPeers(found.packages.find(({ name }) => name === INSTRUMENTATION)?.path),
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function startsOf({ scripts }: Project): readonly Start[] {
  return Object.entries(scripts)
    .filter(([name, text]) => STARTING.test(name) && RUNNING.test(text))
    .map(([name, text]) => toStart(`scripts.${name}`, splitWords(text)))
}

/** Scripts by their names, and by what they run. */
const STARTING = /^(start|dev|serve|server|worker|prod|production)\b/
const RUNNING = /(^|[\s/])(node|nodemon|tsx|ts-node|ts-node-esm|bun|deno|next|pm2)(\s|$)/

function toStart(place: string, words: readonly string[]): Start {
  const options = words.find((word) => word.startsWith('NODE_OPTIONS='))?.slice('NODE_OPTIONS='.length) ?? ''
  return { place, words, preloads: findPreloads([...splitWords(options), ...words]) }
}

/** What the installed copy wants beside it; that of this command where none is installed. */
function readPeers(installed: string | undefined): Readonly<Record<string, string>> {
  const own = fileURLToPath(import.meta.resolve(`${INSTRUMENTATION}/package.json`))
  const { peerDependencies } = readJson(installed === undefined ? own : `${installed}/package.json`) ?? {}
  return (peerDependencies ?? {}) as Record<string, string>
}
