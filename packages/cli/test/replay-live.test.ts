import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import {
  FAULTS,
  HEALTHY,
  expectedFor,
  speaks,
  startFaultServer,
  type FaultServer,
  type Injector,
} from '@streamgauge/fault-server'
import { listStreams, startReceiver, waitForStreams, type StreamRow } from '@streamgauge/viewer'
import { BODY_ENDS } from '../src/replay/body-ends.ts'
import { replayFile } from '../src/replay/replay-file.ts'
import { replayBytes, verdictOf } from './replay/play.ts'
import { LIMIT_MS, runCli } from './run-cli.ts'

// A replay gives the verdict that the live run gave: through the real SDK, the instrumentation and OTLP.
jest.setTimeout(LIMIT_MS)

describe('every stream of the fault server', () => {
  /** What a capture cannot show, and what a replay makes of it. */
  const UNSEEN: Readonly<Record<string, readonly [reason: string, replayed: string]>> = {
    retry_after_503: ['it is one attempt; the SDK made another', '503 proxy_error_page'],
    stall_forever: ['the deadline was that of the application', 'premature_close peer_closed'],
    usage_missing: ['the question is not in it', 'completed -'],
    // Whoever reads on, as curl and openai 4 to 6 do, sees the end of the connection.
    hang_after_done: ['openai 7 stops at the terminator', 'late_transport_error peer_closed'],
    late_reset: ['openai 7 stops at the terminator', 'late_transport_error peer_closed'],
    late_close: ['openai 7 stops at the terminator', 'late_transport_error peer_closed'],
  }
  /** Of which there is nothing to capture. */
  const NOTHING: ReadonlySet<string> = new Set(['slow_headers', 'reset_before_headers', 'close_before_headers'])

  const live = runCli(['demo', '--json']).then(({ stdout }) => {
    const { streams } = JSON.parse(stdout) as { readonly streams: readonly LiveStream[] }
    return new Map(streams.map((stream) => [stream.injected, stream]))
  })

  interface LiveStream {
    readonly injected: string
    readonly outcome: string
    readonly errorType: string | null
    readonly cause: string | null
    readonly anomalies: readonly string[]
    readonly rawChunk: { readonly raw: string | null; readonly encoding: string } | null
  }

  const all = [
    ...FAULTS.map((injector) => ['fault', injector] as const),
    ...HEALTHY.map((injector) => ['healthy', injector] as const),
  ]

  it.each(
    all
      .filter(([, { name }]) => !NOTHING.has(name))
      .map(([kind, injector]) => [injector.name, kind, injector] as const),
  )('%s is told as it was live, or as what can be seen of it', async (name, kind, injector) => {
    const server = await startFaultServer({ holdMs: 200, timeScale: 0.05 })
    const { bytes, wasReset } = await capture(server, kind, injector)
    await server.close()
    const end = wasReset ? { error: BODY_ENDS.reset } : undefined
    const replayed = verdictOf(await replayBytes(bytes, { end }))
    const stream = (await live).get(name)
    const told = tellOf(stream)
    const [, unseen] = UNSEEN[name] ?? []
    expect(replayed).toBe(unseen ?? told)
    // What is excused differs indeed.
    expect(replayed === told).toBe(unseen === undefined)
  })

  it('the chunk that was recorded of it tells the same alone, where the fault is in its bytes', async () => {
    const elsewhere = /_reset$|_close$|_timeout$|protocol_error|late_/
    const streams = [...(await live).values()].filter(
      ({ errorType, rawChunk }) => rawChunk?.encoding === 'utf-8' && !elsewhere.test(errorType ?? ''),
    )
    expect(streams.length).toBeGreaterThan(15)
    const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))
    const path = join(folder, 'chunk.json')
    for (const { injected, errorType, rawChunk } of streams) {
      writeFileSync(path, JSON.stringify(rawChunk?.raw))
      const [verdict] = (await replayFile(path, {}, 'masked')).streams
      // Of a page behind the last event the chunk is the page.
      const expected = injected === 'html_mid_stream' ? 'not_event_stream' : errorType
      expect([injected, verdict?.errorType]).toEqual([injected, expected])
    }
    rmSync(folder, { recursive: true })
  })

  it('what a reader to the end sees of late failures is what openai 6 is told', () => {
    const late = FAULTS.filter(({ name }) => ['late_reset', 'late_close'].includes(name))
    expect(late).toHaveLength(2)
    for (const injector of late) expect(expectedFor(injector, 6).errorType).toBe('late_transport_error')
  })
})

/** Anomalies of its arrival, which a capture cannot have: it has no times. */
const OF_ARRIVAL: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

/** What was told live, as far as a replay has to tell the same. */
function tellOf(live: Pick<StreamRow, 'outcome' | 'errorType' | 'cause' | 'anomalies'> | undefined): string {
  const anomalies = (live?.anomalies ?? []).filter((type) => !OF_ARRIVAL.has(type)).toSorted()
  return [live?.errorType ?? live?.outcome, live?.cause ?? '-', ...anomalies].join(' ')
}

/** The bytes of an answer as they are on the wire, head and framing among them. */
function capture(
  server: FaultServer,
  kind: string,
  injector: Injector,
): Promise<{ readonly bytes: Buffer; readonly wasReset: boolean }> {
  const isChat = speaks(injector, 'chat')
  const input = isChat ? { messages: [] } : { input: 'Tell me about rivers.' }
  const body = JSON.stringify({ model: `${kind}:${injector.name}`, stream: true, ...input })
  const head = [
    `POST /v1/${isChat ? 'chat/completions' : 'responses'} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    'accept-encoding: gzip, deflate, br',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const socket = connect(server.port, '127.0.0.1')
    const finish = (wasReset: boolean) => (): void => {
      socket.destroy()
      resolve({ bytes: Buffer.concat(pieces), wasReset })
    }
    socket.on('data', (piece) => pieces.push(piece))
    socket.on('end', finish(false))
    socket.on('error', finish(true))
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

/** A recorded body, as the manifest beside the recordings has it. */
interface Recording {
  readonly file: string
  readonly api: string
  readonly wire?: { readonly contentType?: string }
  readonly expected: { readonly outcome: string; readonly errorType: readonly string[] }
}

const FOLDER = join(import.meta.dirname, '../../../../shared/streams')
const manifest = join(FOLDER, 'manifest.json')
const recordings = existsSync(manifest)
  ? (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly fixtures: readonly Recording[] }).fixtures
  : []
if (recordings.length === 0) console.log('SKIP recorded streams: put them into shared/streams beside the repository')
const describeRecordings = recordings.length === 0 ? describe.skip : describe

describeRecordings('every recorded stream', () => {
  const bytesOf = (file: string): Buffer => readFileSync(join(FOLDER, file))
  const typeOf = ({ wire }: Recording): string => wire?.contentType ?? 'text/event-stream'
  const live = recordings.length === 0 ? Promise.resolve(new Map<string, StreamRow>()) : readLive()

  async function readLive(): Promise<ReadonlyMap<string, StreamRow>> {
    const receiver = await startReceiver({ port: 0 })
    const server = createServer((request, response) => {
      request
        .setEncoding('utf8')
        .toArray()
        .then(
          (texts) => {
            const { model } = JSON.parse(texts.join('')) as { readonly model: string }
            const recording = recordings.find(({ file }) => file === model)
            response.setHeader('content-type', recording === undefined ? 'text/plain' : typeOf(recording))
            response.end(bytesOf(model))
          },
          () => response.destroy(),
        )
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const child = spawn(
      process.execPath,
      [
        '--import',
        '@streamgauge/instrumentation-openai/register',
        join(import.meta.dirname, 'replay/recorded-app.mjs'),
        JSON.stringify(recordings.map(({ file, api }) => [file, api])),
      ],
      {
        cwd: join(import.meta.dirname, '..'),
        env: {
          PATH: process.env['PATH'],
          OPENAI_API_KEY: 'test',
          OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        },
        stdio: 'ignore',
        timeout: LIMIT_MS,
      },
    )
    await once(child, 'close')
    await waitForStreams(receiver.store, recordings.length, AbortSignal.timeout(LIMIT_MS))
    const rows = listStreams(receiver.store, { limit: recordings.length })
    await receiver.close()
    server.close()
    server.closeAllConnections()
    return new Map(rows.map((row) => [row.model ?? '', row]))
  }

  it.each(recordings.map((recording) => [recording.file, recording] as const))(
    '%s is told as it was live, from its body alone and with its head',
    async (file, recording) => {
      const row = (await live).get(file)
      const told = tellOf(row)
      const bytes = bytesOf(file)
      const head = `HTTP/2 200 \r\ncontent-type: ${typeOf(recording)}\r\n\r\n`
      expect(verdictOf(await replayBytes(bytes))).toBe(told)
      expect(verdictOf(await replayBytes(Buffer.concat([Buffer.from(head), bytes])))).toBe(told)
      expect(told.split(' ')[0]).toBe(
        recording.expected.errorType.find((code) => told.startsWith(code)) ?? recording.expected.outcome,
      )
    },
  )
})
