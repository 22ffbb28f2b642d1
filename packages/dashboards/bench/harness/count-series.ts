import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePort, programOf, startProgram } from './program.ts'

const SHIPPED = new URL('../../stack/prometheus/prometheus.yml', import.meta.url)

/** How many series Prometheus, as it is shipped, makes of one export of metrics. */
export async function countSeries(request: Uint8Array): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-prometheus-'))
  const url = `http://127.0.0.1:${await freePort()}`
  const { global, otlp, storage } = parse(readFileSync(SHIPPED, 'utf8')) as Record<string, unknown>
  const file = join(folder, 'prometheus.yml')
  writeFileSync(file, stringify({ global, otlp, storage }))
  const prometheus = await startProgram(
    programOf('STREAMGAUGE_PROMETHEUS'),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${url.replace('http://', '')}`,
      '--web.enable-otlp-receiver',
    ],
    `${url}/-/ready`,
  )
  const headers = { 'content-type': 'application/x-protobuf' }
  const sent = await fetch(`${url}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body: request })
  if (!sent.ok) throw new Error(`${sent.status}: ${await sent.text()}`)
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('count({__name__=~".+"})')}`)
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  await prometheus.stop()
  rmSync(folder, { recursive: true })
  return Number(data.result[0]?.value[1])
}
