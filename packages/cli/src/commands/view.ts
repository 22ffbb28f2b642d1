import { CliError } from '../cli-error.ts'
import { createTourPlayer } from '../demo/tour-player.ts'
import { EXIT } from '../exit-codes.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { readArguments } from '../read-arguments.ts'
import { readPort } from '../read-port.ts'
import { readWebAddress } from '../read-web-address.ts'
import { offerOtherPort } from '../viewer/busy-port.ts'
import { describeReceiver } from '../viewer/describe-receiver.ts'
import { followStreams } from '../viewer/follow-streams.ts'
import { openBrowser } from '../viewer/open-browser.ts'
import { openViewerStore, startViewer } from '../viewer/open-viewer.ts'
import { LOOPBACK, OTLP_PORT } from '../viewer/receiver-urls.ts'

interface ViewOptions {
  readonly host: string
  readonly port: number
  readonly token: string | undefined
  readonly grafanaUrl: string | undefined
  readonly db: string | undefined
  readonly open: boolean
}

/** `streamgauge view`: receives telemetry, and shows it on a page, until it is ended. */
export async function view(args: readonly string[]): Promise<number> {
  const { db, open, ...access } = readOptions(args)
  const interrupt = listenForInterrupt()
  const over = new AbortController()
  const store = openViewerStore(db)
  try {
    const tour = createTourPlayer({ token: access.token, signal: AbortSignal.any([interrupt.signal, over.signal]) })
    const receiver = await startViewer({ ...access, store, tour }, (busy) => offerOtherPort(busy, interrupt.signal))
    try {
      process.stdout.write(`\n${describeReceiver({ ...access, receiver })}\n`)
      // Without the token, which the list of processes would show: the browser asks for it.
      if (open) openBrowser(receiver.url)
      await followStreams(store, interrupt.signal)
    } finally {
      await receiver.close()
    }
    return EXIT.OK
  } catch (error) {
    if (interrupt.signal.aborted && error === interrupt.signal.reason) return EXIT.INTERRUPTED
    throw error
  } finally {
    over.abort()
    store.close()
    interrupt.release()
  }
}

function readOptions(args: readonly string[]): ViewOptions {
  const {
    host = LOOPBACK,
    port = `${OTLP_PORT}`,
    // An empty variable is none.
    token = process.env['STREAMGAUGE_VIEW_TOKEN'] || undefined,
    grafana,
    db,
    open = false,
  } = readArguments('view', args, {
    host: { type: 'string' },
    port: { type: 'string' },
    token: { type: 'string' },
    grafana: { type: 'string' },
    db: { type: 'string' },
    open: { type: 'boolean' },
  })
  if (db === '') throw new CliError('usage', '--db must name a file, but was "".')
  const grafanaUrl = grafana === undefined ? undefined : readWebAddress('--grafana', grafana)
  return { host, port: readPort(port), token, grafanaUrl, db, open }
}
