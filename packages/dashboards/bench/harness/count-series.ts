import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePorts } from '../../test/stack/run/free-ports.ts'
import { query } from '../../test/stack/run/prometheus.ts'
import { shippedPath } from '../../test/stack/run/shipped.ts'
import { startPrometheus } from '../../test/stack/run/start-prometheus.ts'
import { startTogether } from '../../test/stack/run/start-together.ts'

/** How many series Prometheus makes of one export of metrics: as it is shipped, without its own rules and scrapes. */
export async function countSeries(request: Uint8Array): Promise<number> {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const prometheus = await startTogether('series', async (folder, keep) => {
    const shipped = parse(readFileSync(shippedPath('prometheus/prometheus.yml'), 'utf8')) as Record<string, unknown>
    const { global, otlp, storage } = shipped
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, stringify({ global, otlp, storage }))
    keep(await startPrometheus(folder, config, port))
    return {}
  })
  try {
    const headers = { 'content-type': 'application/x-protobuf' }
    const sent = await fetch(`${url}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body: request })
    if (!sent.ok) throw new Error(`${sent.status}: ${await sent.text()}`)
    const [all] = await query(url, 'count({__name__=~".+"})')
    return all?.value ?? 0
  } finally {
    await prometheus.stop()
  }
}
