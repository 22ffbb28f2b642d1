import { openStore, startReceiver, type Receiver, type ReceiverOptions, type Store } from '@streamgauge/viewer'
import { CliError } from '../cli-error.ts'
import type { BusyPort } from './busy-port.ts'

/** Opens a store in this file, or in memory. @throws CliError where the file can't be opened, or is another program's */
export function openViewerStore(path?: string): Store {
  try {
    return openStore({ path })
  } catch (error) {
    throw new CliError('environment', (error as Error).message, { cause: error })
  }
}

/** What the viewer is started with. */
export type ViewerOptions = ReceiverOptions & { readonly port: number; readonly host: string }

/**
 * Starts the viewer.
 *
 * @param choosePort asked for another port as often as one is taken
 * @throws CliError where it can't listen, or an option of it is none
 */
export async function startViewer(
  options: ViewerOptions,
  choosePort: (busy: BusyPort) => Promise<number>,
): Promise<Receiver> {
  let { port } = options
  for (;;) {
    try {
      return await startReceiver({ ...options, port })
    } catch (error) {
      const { name, message, code } = error as Error & { readonly code?: unknown }
      if (name === 'RangeError')
        throw new CliError('usage', `--${message}; \`streamgauge help\` says more.`, { cause: error })
      if (code !== 'port_in_use') throw new CliError('environment', message, { cause: error })
    }
    port = await choosePort({ port, host: options.host })
  }
}
