import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { readShipped } from './shipped.ts'
import { startProcess, type Running } from './start-program.ts'

/** A real Tempo, with the configuration that is shipped. */
export interface Tempo {
  readonly url: string
  /** Where it takes OTLP over gRPC, `host:port`. */
  readonly otlp: string
  stop(): Promise<void>
}

/**
 * @param executable of Tempo 3; it is under another licence than this repository, and built by whoever wants it
 */
export async function startTempo(executable: string, [http, otlp, internal]: readonly number[]): Promise<Tempo> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-tempo-'))
  const config = join(folder, 'tempo.yaml')
  const shipped = readShipped('tempo.yaml', [
    ['0.0.0.0:4317', `127.0.0.1:${otlp}`],
    ['http_listen_port: 3200', `http_listen_port: ${http}`],
    ['/var/tempo/blocks', join(folder, 'blocks')],
  ])
  writeFileSync(config, stringify(merge(parse(shipped) as Tree, placesByDefault(folder, internal ?? 0))))
  const args = [`-config.file=${config}`]
  let running: Running
  try {
    running = await startProcess(executable, { args, folder, readyUrl: `http://127.0.0.1:${http}/ready` })
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return {
    url: `http://127.0.0.1:${http}`,
    otlp: `127.0.0.1:${otlp}`,
    stop: async () => {
      await running.stop()
      rmSync(folder, { recursive: true })
    },
  }
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
