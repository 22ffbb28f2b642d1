import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePorts } from './free-ports.ts'
import { readShipped } from './shipped.ts'
import { startProcess } from './start-program.ts'
import { startTogether, type Stoppable } from './start-together.ts'

/** A real Tempo, with the configuration that is shipped. */
export interface Tempo extends Stoppable {
  readonly url: string
  /** Where it takes OTLP over gRPC, and where over HTTP, `host:port`. */
  readonly otlp: string
  readonly otlpHttp: string
  /** Where its blocks are. */
  readonly blocks: string
}

/**
 * @param executable of Tempo 3; it is under another licence than this repository, and built by whoever wants it
 */
export function startTempo(executable: string): Promise<Tempo> {
  return startTogether('tempo', async (folder, keep) => {
    const [http, grpc, otlpHttp, internal] = await freePorts(4)
    const at = (port: number | undefined): string => `127.0.0.1:${port}`
    const blocks = join(folder, 'blocks')
    const shipped = readShipped('tempo.yaml', [
      ['0.0.0.0:4317', at(grpc)],
      ['http_listen_port: 3200', `http_listen_port: ${http}`],
      ['/var/tempo/blocks', blocks],
    ])
    const config = join(folder, 'tempo.yaml')
    const more = merge(placesByDefault(folder, internal ?? 0), {
      distributor: { receivers: { otlp: { protocols: { http: { endpoint: at(otlpHttp) } } } } },
    })
    writeFileSync(config, stringify(merge(parse(shipped) as Tree, more)))
    const args = [`-config.file=${config}`]
    keep(await startProcess(executable, { args, folder, readyUrl: `http://${at(http)}/ready` }))
    return { url: `http://${at(http)}`, otlp: at(grpc), otlpHttp: at(otlpHttp), blocks }
  })
}

interface Tree {
  readonly [key: string]: Tree | string | number | readonly string[]
}

/** Where Tempo listens and writes without a word in its configuration: in its image that is right, and here it is not. */
function placesByDefault(folder: string, internalPort: number): Tree {
  return {
    server: {
      http_listen_address: '127.0.0.1',
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: internalPort,
    },
    memberlist: { bind_addr: ['127.0.0.1'], bind_port: 0 },
    storage: { trace: { wal: { path: join(folder, 'wal') } } },
    live_store: {
      wal: { path: join(folder, 'live-store/traces') },
      shutdown_marker_dir: join(folder, 'live-store/marker'),
    },
    block_builder: { wal: { path: join(folder, 'block-builder/traces') } },
    backend_scheduler: { local_work_path: folder },
  }
}

function merge(into: Tree, from: Tree): Tree {
  const merged = Object.entries(from).map(([key, value]) => {
    const present = into[key]
    return [key, isTree(present) && isTree(value) ? merge(present, value) : value] as const
  })
  return { ...into, ...Object.fromEntries(merged) }
}

function isTree(value: Tree[string] | undefined): value is Tree {
  return typeof value === 'object' && !Array.isArray(value)
}
