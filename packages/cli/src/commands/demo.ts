import { CliError } from '../cli-error.ts'
import type { DemoResult } from '../demo/result.ts'
import { runTour } from '../demo/run-tour.ts'
import { createTourPlayer } from '../demo/tour-player.ts'
import { planTour } from '../demo/tour.ts'
import { EXIT } from '../exit-codes.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { formatDemo } from '../print/demo-report.ts'
import { pageWidth } from '../print/page-width.ts'
import { showProgress } from '../print/progress.ts'
import { readArguments } from '../read-arguments.ts'
import { readPort } from '../read-port.ts'
import { takeFreePort } from '../viewer/busy-port.ts'
import { describeReceiver } from '../viewer/describe-receiver.ts'
import { followStreams } from '../viewer/follow-streams.ts'
import { openBrowser } from '../viewer/open-browser.ts'
import { openViewerStore, startViewer } from '../viewer/open-viewer.ts'
import { LOOPBACK } from '../viewer/receiver-urls.ts'

interface DemoOptions {
  readonly once: boolean
  readonly json: boolean
  readonly open: boolean
  readonly faults: readonly string[]
  readonly port: number
}

/** `streamgauge demo`: a tour of broken streams, each one named, in the terminal and on a page. */
export async function demo(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const stops = planTour(options.faults)
  const interrupt = listenForInterrupt()
  const store = openViewerStore()
  const player = createTourPlayer({ signal: interrupt.signal })
  const receiver = await startViewer({ host: LOOPBACK, port: options.port, store, tour: player }, takeFreePort)
  try {
    const progress = showProgress(stops.length, receiver.url)
    if (options.open) openBrowser(receiver.url)
    const result = await runTour(stops, receiver, player, (n) => progress.update(n)).finally(() => progress.end())
    print(result, options.json)
    if (!options.once) {
      process.stdout.write(`\n${describeReceiver({ receiver, host: LOOPBACK })}\n`)
      await followStreams(store, interrupt.signal)
    }
    return result.summary.differences.length === 0 ? EXIT.OK : EXIT.DIFFERENT
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.INTERRUPTED
    throw error
  } finally {
    await receiver.close()
    store.close()
    interrupt.release()
  }
}

function readOptions(args: readonly string[]): DemoOptions {
  const {
    json = false,
    once: asksOnce = false,
    open = false,
    fault = [],
    port = '0',
  } = readArguments('demo', args, {
    once: { type: 'boolean' },
    json: { type: 'boolean' },
    open: { type: 'boolean' },
    fault: { type: 'string', multiple: true },
    port: { type: 'string' },
  })
  const once = asksOnce || json || !process.stdout.isTTY
  if (open && once) {
    const remedy = 'leave out --once and --json, and run it in a terminal'
    throw new CliError('usage', `--open needs a demo that stays, or its page is gone when the browser asks: ${remedy}.`)
  }
  return { json, once, open, faults: fault, port: readPort(port) }
}

function print(result: DemoResult, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(result, undefined, 2) : formatDemo(result, pageWidth())}\n`)
}
