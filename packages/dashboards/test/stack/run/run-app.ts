import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { shippedPath } from './shipped.ts'

/** Streams that the demo's application asks for. */
export interface PlannedStreams {
  readonly model: string
  readonly host: string
  readonly fault?: string | undefined
  readonly count: number
}

const PACKAGE = join(import.meta.dirname, '../../..')

/** The application, after it has read all of its plan; it goes on telling until it is stopped. */
export interface RunningApp {
  stop(): Promise<void>
}

/** The demo's application, started as docker-compose.yml starts it, with a plan. */
export async function runApp(
  plan: readonly PlannedStreams[],
  env: Readonly<Record<string, string>>,
): Promise<RunningApp> {
  const child = spawn(
    process.execPath,
    ['--import', '@streamgauge/instrumentation-openai/register', shippedPath('demo/app.mjs'), JSON.stringify(plan)],
    { cwd: PACKAGE, env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface(child.stdout)) {
    if (line === '{"done":true}') return { stop: () => stop(child) }
  }
  throw new Error(`the application ended with ${child.exitCode ?? child.signalCode} before its plan`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
