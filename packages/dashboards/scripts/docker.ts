import { execFile } from 'node:child_process'
import { EXIT, type Problem } from './problem.ts'

/** A Compose that can read our file. */
export interface Compose {
  /** How it is called: as a plugin of docker, or as a program of its own. */
  readonly command: readonly [program: string, ...first: readonly string[]]
}

/** The oldest Compose that reads docker-compose.yml, which knows profiles and conditions of `depends_on`. */
const OLDEST_COMPOSE = [1, 29] as const

/** An engine that has not answered by then does not answer. */
const ANSWER_LIMIT_MS = 20_000

const COMPOSE_ADVICE =
  'install the plugin docker-compose-plugin (2 or newer), or docker-compose 1.29: https://docs.docker.com/compose/install/'

/** Is there a docker, and does its engine answer? */
export async function findEngineProblem(): Promise<Problem | undefined> {
  const { isMissing, isOk, said } = await ask('docker', ['version', '--format', '{{.Server.Version}}'])
  if (isOk) return undefined
  if (isMissing) {
    const sentence =
      'There is no program docker on the PATH of this terminal: install Docker Engine or Docker Desktop ' +
      '(https://docs.docker.com/get-docker/), and open a new terminal.'
    return { exitCode: EXIT.DOCKER_MISSING, sentence }
  }
  const sentence = /permission denied/i.test(said)
    ? `You may not use Docker's engine (${said}): join the group docker, "sudo usermod -aG docker $USER", and log in again.`
    : `Docker's engine does not answer (${said}): start Docker Desktop, or "sudo systemctl start docker".`
  return { exitCode: EXIT.ENGINE, sentence }
}

/** The plugin where there is one, else the program that came before it. */
export async function findCompose(): Promise<Compose | Problem> {
  const candidates: readonly Compose['command'][] = [['docker', 'compose'], ['docker-compose']]
  for (const command of candidates) {
    const [program, ...first] = command
    const { isOk, said } = await ask(program, [...first, 'version', '--short'])
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(said) ?? []
    if (!isOk || major === undefined) continue
    const isNewEnough = Number(major) > OLDEST_COMPOSE[0] || Number(minor) >= OLDEST_COMPOSE[1]
    if (isNewEnough && Number(major) > 0) return { command }
    const sentence = `Docker Compose ${said} is too old to read docker-compose.yml: ${COMPOSE_ADVICE}.`
    return { exitCode: EXIT.COMPOSE, sentence }
  }
  return { exitCode: EXIT.COMPOSE, sentence: `Docker Compose is missing: ${COMPOSE_ADVICE}.` }
}

/** Services that run already: what holds their ports is they themselves. */
export async function listRunning(
  { command: [program, ...first] }: Compose,
  globalOptions: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const question = [...first, ...globalOptions, 'ps', '--services', '--filter', 'status=running']
  const { isOk, output } = await ask(program, question, cwd)
  return isOk ? output.split('\n').map((line) => line.trim()) : []
}

interface Answer {
  readonly isMissing: boolean
  readonly isOk: boolean
  readonly output: string
  /** The first line of what it said. */
  readonly said: string
}

function ask(program: string, args: readonly string[], cwd?: string): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: ANSWER_LIMIT_MS, cwd }, (error, output, errors) => {
      const [said = ''] = `${error === null ? '' : errors}${output}`.trim().split('\n')
      const isLate = error?.killed === true
      resolve({
        isMissing: error?.code === 'ENOENT',
        isOk: error === null,
        output,
        said: isLate ? `nothing in ${ANSWER_LIMIT_MS / 1000} s` : said,
      })
    })
  })
}
