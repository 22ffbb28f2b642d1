import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { followStreams } from '../demo/follow-streams.ts'
import type { DemoResult } from '../demo/result.ts'
import { runTour } from '../demo/run-tour.ts'
import { planTour } from '../demo/tour.ts'
import { EXIT } from '../exit-codes.ts'
import { openViewerStore, startViewer } from '../open-viewer.ts'
import { formatDemo } from '../print/demo-report.ts'
import { pageWidth } from '../print/page-width.ts'
import { showProgress } from '../print/progress.ts'
import { readPort } from '../read-port.ts'

interface DemoOptions {
  readonly once: boolean
  readonly json: boolean
  readonly faults: readonly string[]
  readonly port: number
}

/** `streamgauge demo`: a tour of broken streams, each one named. */
export async function demo(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const stops = planTour(options.faults)
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const store = openViewerStore()
  const receiver = await startViewer(options.port, store)
  try {
    const progress = showProgress(stops.length, receiver.url)
    const result = await runTour(stops, receiver, (n) => progress.update(n), interrupted.signal).finally(() =>
      progress.end(),
    )
    print(result, options.json)
    if (!options.once) await followStreams(receiver, interrupted.signal)
    return result.summary.differences.length === 0 ? EXIT.OK : EXIT.DIFFERENT
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.INTERRUPTED
    throw error
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    await receiver.close()
    store.close()
  }
}

function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parse(args)
  const { json = false, once = false, fault = [], port = '0' } = values
  return { json, once: once || json || !process.stdout.isTTY, faults: fault, port: readPort(port) }
}

function parse(args: readonly string[]): {
  readonly values: {
    readonly once?: boolean
    readonly json?: boolean
    readonly fault?: string[]
    readonly port?: string
  }
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        fault: { type: 'string', multiple: true },
        port: { type: 'string' },
      },
    })
  } catch (error) {
    const [reason = ''] = (error as Error).message.split(/\.(\s|$)/)
    throw new CliError('usage', `demo: ${reason}; \`streamgauge help\` lists its options.`, { cause: error })
  }
}

function print(result: DemoResult, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(result, undefined, 2) : formatDemo(result, pageWidth())}\n`)
}
