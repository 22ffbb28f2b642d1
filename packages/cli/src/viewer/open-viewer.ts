import { openStore, startReceiver, type Receiver, type Store } from '@streamgauge/viewer'
import { CliError } from '../cli-error.ts'

/** Opens a store in this file, or in memory. @throws CliError where the file can't be opened, or is another program's */
export function openViewerStore(path?: string): Store {
  try {
    return openStore({ path })
  } catch (error) {
    throw new CliError('environment', (error as Error).message, { cause: error })
  }
}

/** Starts the viewer over this store. @throws CliError where the port is taken */
export async function startViewer(port: number, store: Store): Promise<Receiver> {
  try {
    return await startReceiver({ port, store })
  } catch (error) {
    throw new CliError('environment', (error as Error).message, { cause: error })
  }
}
