import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a viewer holds before the first request. */
export interface ViewerSettings {
  /** Of its database; in memory without. */
  readonly path?: string
  /** Streams that are stored. */
  readonly streams: number
  /** How many may be; by default no more. */
  readonly maxStreams?: number
  /** Streams that have their chunk spans and their log event. */
  readonly brokenWithChunks: readonly number[]
  readonly series: number
}

/** What a viewer takes, in bytes, after garbage was collected. */
export interface Figures {
  readonly rss: number
  /** Of JavaScript. */
  readonly heapUsed: number
  /** Of the database and its log. */
  readonly fileBytes: number
}

export interface ViewerProcess {
  readonly url: string
  figures(): Promise<Figures>
  /** Time of the processor that the process took so far, in milliseconds: the same however busy the machine is. */
  cpuMs(): Promise<number>
  stop(): Promise<void>
}

/** Starts a viewer, and waits until it is filled and listens. */
export async function startViewer(settings: ViewerSettings): Promise<ViewerProcess> {
  const child = fork(fileURLToPath(new URL('viewer-worker.ts', import.meta.url)), [JSON.stringify(settings)])
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the viewer ended with ${String(code)}`)
  })
  failed.catch(() => {})
  const next = async <Message>(): Promise<Message> => {
    const [message] = await Promise.race([once(child, 'message'), failed])
    return message as Message
  }
  const url = await next<string>()
  return {
    url,
    figures() {
      child.send('figures')
      return next<Figures>()
    },
    cpuMs() {
      child.send('cpu')
      return next<number>()
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
