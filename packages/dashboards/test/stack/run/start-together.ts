import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whatever was started. */
export interface Stoppable {
  stop(): Promise<void>
}

/**
 * Starts several things in a folder of their own. They end together, the last one first, and the folder with them; also where one
 * of them does not start.
 *
 * @param start hands each to `keep` as soon as it runs
 */
export async function startTogether<Handles>(
  name: string,
  start: (folder: string, keep: <One extends Stoppable>(one: One) => One) => Promise<Handles>,
): Promise<Handles & Stoppable> {
  const folder = mkdtempSync(join(tmpdir(), `streamgauge-${name}-`))
  const started: Stoppable[] = []
  const stop = async (): Promise<void> => {
    for (const one of started.toReversed()) await one.stop()
    rmSync(folder, { recursive: true })
  }
  try {
    const handles = await start(folder, (one) => {
      started.push(one)
      return one
    })
    return { ...handles, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
