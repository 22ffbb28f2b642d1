import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { followStreams } from '../demo/follow-streams.ts'
import { EXIT } from '../exit-codes.ts'
import { openBrowser } from '../open-browser.ts'
import { openViewerStore, startViewer } from '../open-viewer.ts'
import { readPort } from '../read-port.ts'

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
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const store = openViewerStore(options.db)
  try {
    const receiver = await startViewer(options.port, store)
    try {
      if (options.open) openBrowser(receiver.url)
      await followStreams(receiver, interrupted.signal)
    } finally {
      await receiver.close()
    }
    return EXIT.OK
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    store.close()
  }
}

function readOptions(args: readonly string[]): ViewOptions {
  const { port = DEFAULT_PORT, db, open = false } = parse(args).values
  if (db === '') throw new CliError('usage', '--db must name a file, but was "".')
  return { port: readPort(port), db, open }
}

function parse(args: readonly string[]): {
  readonly values: { readonly port?: string; readonly db?: string; readonly open?: boolean }
} {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, db: { type: 'string' }, open: { type: 'boolean' } },
    })
  } catch (error) {
    const [reason = ''] = (error as Error).message.split(/\.(\s|$)/)
    throw new CliError('usage', `view: ${reason}; \`streamgauge help\` lists its options.`, { cause: error })
  }
}
