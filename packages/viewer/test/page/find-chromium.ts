import { accessSync, constants } from 'node:fs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium of this machine, or the one that STREAMGAUGE_CHROMIUM names. */
export function findChromium(): string | undefined {
  const found = [process.env['STREAMGAUGE_CHROMIUM'], ...PLACES].find((path) => {
    try {
      accessSync(path ?? '', constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) {
    console.log(
      'SKIP the page in Chromium: apt-get install --no-install-recommends chromium, or set STREAMGAUGE_CHROMIUM',
    )
  }
  return found
}
