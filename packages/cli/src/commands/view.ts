import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { readArguments } from '../read-arguments.ts'
import { readPort } from '../read-port.ts'
import { followStreams } from '../viewer/follow-streams.ts'
import { openBrowser } from '../viewer/open-browser.ts'
import { openViewerStore, startViewer } from '../viewer/open-viewer.ts'

interface ViewOptions {
  readonly port: number
  readonly db: string | undefined
  readonly open: boolean
}

/** Where OpenTelemetry's exporters send unless told otherwise. */
const DEFAULT_PORT = '4318'

/** `streamgauge view`: receives telemetry, and shows it on a page, until Ctrl-C. */
export async function view(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const interrupt = listenForInterrupt()
  const store = openViewerStore(options.db)
  try {
    const receiver = await startViewer(options.port, store)
    try {
      if (options.open) openBrowser(receiver.url)
      await followStreams(receiver, interrupt.signal)
    } finally {
      await receiver.close()
    }
    return EXIT.OK
  } finally {
    interrupt.release()
    store.close()
  }
}

function readOptions(args: readonly string[]): ViewOptions {
  const {
    port = DEFAULT_PORT,
    db,
    open = false,
  } = readArguments('view', args, {
    port: { type: 'string' },
    db: { type: 'string' },
    open: { type: 'boolean' },
  })
  if (db === '') throw new CliError('usage', '--db must name a file, but was "".')
  return { port: readPort(port), db, open }
}
