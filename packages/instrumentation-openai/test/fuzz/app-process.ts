import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FuzzCase, FuzzResult } from '../apps/fuzz-consumer.ts'

/** An application in a process of its own, which plays one case after the other. */
export interface AppProcess {
  play(one: FuzzCase): Promise<FuzzResult>
  stop(): Promise<void>
}

/** Starts an application with one major of the SDK. */
export async function startApp(major: number, mode: 'watched' | 'bare'): Promise<AppProcess> {
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', '--expose-gc']
  const child = fork(join(import.meta.dirname, '../apps/fuzz-consumer.ts'), [`${major}`, mode], {
    cwd: join(import.meta.dirname, '../apps'),
    execArgv: flags,
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(OTEL_|OPENAI_|NODE_OPTIONS$)/.test(name)),
    ),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await answer(child)
  return {
    play: async (one) => {
      const answered = answer(child)
      child.send(one)
      return (await answered) as FuzzResult
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

async function answer(child: ChildProcess): Promise<unknown> {
  const isOver = new AbortController()
  const message = once(child, 'message', { signal: isOver.signal }).then(([value]) => value as unknown)
  const exit = once(child, 'exit', { signal: isOver.signal }).then(([code]) => {
    throw new Error(`the application exited with ${String(code)}`)
  })
  try {
    return await Promise.race([message, exit])
  } finally {
    isOver.abort()
    // Whichever lost is given up.
    await Promise.allSettled([message, exit])
  }
}
