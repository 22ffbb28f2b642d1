import type { DemoResult } from '../demo/result.ts'
import { runTour } from '../demo/run-tour.ts'
import { planTour } from '../demo/tour.ts'
import { EXIT } from '../exit-codes.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { formatDemo } from '../print/demo-report.ts'
import { pageWidth } from '../print/page-width.ts'
import { showProgress } from '../print/progress.ts'
import { readArguments } from '../read-arguments.ts'
import { readPort } from '../read-port.ts'
import { followStreams } from '../viewer/follow-streams.ts'
import { openViewerStore, startViewer } from '../viewer/open-viewer.ts'

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
  const interrupt = listenForInterrupt()
  const store = openViewerStore()
  const receiver = await startViewer(options.port, store)
  try {
    const progress = showProgress(stops.length, receiver.url)
    const result = await runTour(stops, receiver, (n) => progress.update(n), interrupt.signal).finally(() =>
      progress.end(),
    )
    print(result, options.json)
    if (!options.once) await followStreams(receiver, interrupt.signal)
    return result.summary.differences.length === 0 ? EXIT.OK : EXIT.DIFFERENT
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.INTERRUPTED
    throw error
  } finally {
    interrupt.release()
    await receiver.close()
    store.close()
  }
}

function readOptions(args: readonly string[]): DemoOptions {
  const {
    json = false,
    once = false,
    fault = [],
    port = '0',
  } = readArguments('demo', args, {
    once: { type: 'boolean' },
    json: { type: 'boolean' },
    fault: { type: 'string', multiple: true },
    port: { type: 'string' },
  })
  return { json, once: once || json || !process.stdout.isTTY, faults: fault, port: readPort(port) }
}

function print(result: DemoResult, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(result, undefined, 2) : formatDemo(result, pageWidth())}\n`)
}
