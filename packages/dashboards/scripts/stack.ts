// `pnpm stack [options]`: looks whether this machine can run the stack, then runs `docker compose up` with the options. What
// stands in the way is told in one sentence each, and the exit code is that of the first (problem.ts lists them).
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { readPorts, readVariables, resolveVariable, type PublishedPort, type Variables } from './compose-file.ts'
import { findCompose, findEngineProblem, listRunning } from './docker.ts'
import { sortOptions } from './options.ts'
import { findPortProblems } from './ports.ts'
import type { Problem } from './problem.ts'
import { findWebhookProblem } from './webhook.ts'

const ROOT = join(import.meta.dirname, '../../..')

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const { globalOptions, upOptions, envFile = '.env' } = sortOptions(args)
  const ports = readPorts(join(ROOT, 'docker-compose.yml'))
  const variables = readVariables(resolve(ROOT, envFile), process.env)

  const engineProblem = await findEngineProblem()
  if (engineProblem !== undefined) return report([engineProblem])
  const compose = await findCompose()
  if (!('command' in compose)) return report([compose])
  const running = await listRunning(compose, globalOptions, ROOT)
  const webhookProblem = findWebhookProblem(variables, ROOT)
  const problems = [
    ...(webhookProblem === undefined ? [] : [webhookProblem]),
    ...(await findPortProblems(ports, variables, running)),
  ]
  if (problems.length > 0) return report(problems)

  announce(ports, variables)
  const [program, ...first] = compose.command
  return run(program, [...first, ...globalOptions, 'up', ...upOptions])
}

function report(problems: readonly Problem[]): number {
  for (const { sentence } of problems) console.error(sentence)
  return problems[0]?.exitCode ?? 0
}

function announce(ports: readonly PublishedPort[], variables: Variables): void {
  const addressOf = (name: string): string => {
    const usual = ports.find(({ variable }) => variable === name)?.usual ?? ''
    return `http://localhost:${resolveVariable(variables, name, usual)}`
  }
  console.log(`Grafana will be at ${addressOf('GRAFANA_PORT')}; send OTLP to ${addressOf('OTLP_HTTP_PORT')}.`)
}

/** Compose in the place of this program: its output, its signals, its exit code. */
function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' })
  // Ctrl-C goes to both, and Compose takes its time to stop what runs; only a SIGTERM has to be handed on.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolveCode, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolveCode(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}
