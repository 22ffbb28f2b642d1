import { findListeners, findProcess } from './linux-sockets.ts'
import { addressUrl, OTLP_PORT } from './receiver-urls.ts'

/** Who listens on a port, as the end of "the port is taken …": for certain where it can be told, else a guess. */
export async function describePortHolder(port: number, host: string): Promise<string> {
  const listeners = findListeners(port, host)
  const [found] = listeners.flatMap((listener) => findProcess(listener) ?? [])
  const processText = found === undefined ? '' : ` (process ${found.pid})`
  const url = addressUrl(host, port)
  if (await isViewer(url)) return `by a running streamgauge${processText}, whose page is ${url}`
  if (found !== undefined) return `by ${found.name}${processText}`
  const [uid] = listeners.map((listener) => listener.uid).filter((id) => id !== process.getuid?.())
  const who = uid === undefined ? 'by another program' : `by a program of the user with the id ${uid}`
  return port === OTLP_PORT ? `${who}, perhaps ${USUAL_HOLDERS}` : who
}

const USUAL_HOLDERS = 'an OpenTelemetry Collector, Jaeger or another streamgauge'

/** A viewer that has to answer first is none. */
const PATIENCE_MS = 1000

/** The title of the page is at its beginning. */
const MAX_CHARACTERS = 4096

/** Asks the port itself: a viewer has its name in its page, and where it wants a token, in what it asks for. */
async function isViewer(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
    if (response.headers.get('www-authenticate')?.includes('realm="streamgauge"') === true) {
      await response.body?.cancel()
      return true
    }
    return (await readBeginning(response)).includes('<title>Streamgauge</title>')
  } catch {
    return false
  }
}

async function readBeginning(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length >= MAX_CHARACTERS) break
  }
  return text.slice(0, MAX_CHARACTERS)
}
