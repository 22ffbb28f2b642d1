import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePort, programOf, startProgram } from './program.ts'

const SHIPPED = new URL('../../stack/tempo.yaml', import.meta.url)

/** Tempo as it is shipped, but for addresses and paths. */
export interface Tempo {
  readonly url: string
  /** What stands in finished blocks: how many traces, in how many bytes on disk. */
  blocks(): { readonly traces: number; readonly bytes: number }
  stop(): Promise<void>
}

export async function startTempo(): Promise<Tempo> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-tempo-'))
  const [http, grpc, otlp, gossip] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const shipped = parse(readFileSync(SHIPPED, 'utf8')) as Record<string, object>
  const blocks = join(folder, 'blocks')
  const file = join(folder, 'tempo.yaml')
  const copy = {
    ...shipped,
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: http,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpc,
    },
    memberlist: { bind_addr: ['127.0.0.1'], bind_port: gossip },
    distributor: {
      ...shipped['distributor'],
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
    },
    storage: { trace: { backend: 'local', wal: { path: join(folder, 'wal') }, local: { path: blocks } } },
    live_store: { wal: { path: join(folder, 'live') }, shutdown_marker_dir: join(folder, 'marker') },
    block_builder: { wal: { path: join(folder, 'builder') } },
    backend_scheduler: { local_work_path: folder },
  }
  writeFileSync(file, stringify(copy))
  const tempo = await startProgram(
    programOf('STREAMGAUGE_TEMPO'),
    [`-config.file=${file}`],
    `http://127.0.0.1:${http}/ready`,
  )
  return {
    url: `http://127.0.0.1:${otlp}`,
    blocks: () => readBlocks(join(blocks, 'single-tenant')),
    stop: async () => {
      await tempo.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function readBlocks(folder: string): { traces: number; bytes: number } {
  const sum = { traces: 0, bytes: 0 }
  if (!existsSync(folder)) return sum
  for (const name of readdirSync(folder)) {
    const meta = join(folder, name, 'meta.json')
    // One that was compacted into another has a file of another name.
    if (!existsSync(meta)) continue
    sum.traces += (JSON.parse(readFileSync(meta, 'utf8')) as { totalObjects: number }).totalObjects
    for (const part of readdirSync(join(folder, name))) sum.bytes += statSync(join(folder, name, part)).size
  }
  return sum
}
