import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for PATH with an `xdg-open`, which opens addresses on Linux, that runs these lines of a shell instead. */
export function folderWithOpener(lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(folder, 'xdg-open'), 0o755)
  return folder
}
