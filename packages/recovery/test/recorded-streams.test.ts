import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { reassemble, recoverStream, requireComplete } from '../src/index.ts'
import { makeClient, MAJORS } from './apps/sdks.ts'
import { readText } from './play.ts'

interface Recorded {
  readonly file: string
  readonly api: string
  readonly expected: { readonly outcome: string }
}

const FOLDER = join(import.meta.dirname, '../../../../shared/streams')

function readHealthy(): readonly (readonly [file: string, api: string, bytes: Buffer])[] {
  const manifest = join(FOLDER, 'manifest.json')
  if (!existsSync(manifest)) {
    console.log('SKIP recorded streams: put them into shared/streams beside the repository')
    return []
  }
  const { fixtures } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly fixtures: readonly Recorded[] }
  return fixtures
    .filter(({ expected }) => expected.outcome === 'completed')
    .map(({ file, api }) => [file, api, readFileSync(join(FOLDER, file))])
}

const healthy = readHealthy()

/** Bodies in pieces of a size that tears lines, characters and blank lines. */
const answer = (bytes: Buffer, size: number) => (): Promise<Response> => {
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, (at += size)))
    },
  })
  return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
}

const REQUESTS: Readonly<Record<string, object>> = {
  chat: { messages: [] },
  completions: { prompt: 'hi' },
  responses: { input: 'hi', store: false },
}

const create = async (major: (typeof MAJORS)[number], api: string, bytes: Buffer) => {
  const client = await makeClient(major, 'http://test/v1', { fetch: answer(bytes, 512) })
  const { chat, completions, responses } = client
  const request = { model: 'm', stream: true as const, ...REQUESTS[api] }
  // How an SDK reads a stream doesn't depend on what asked for it: assistants and transcriptions come by the same way.
  const method = ({ completions, responses }[api] ?? chat.completions) as {
    create(body: object): Promise<AsyncIterable<unknown>>
  }
  return { request, start: () => method.create(request) }
}

/** A stream that is healthy and yet not whole: the model was stopped by its limit. */
const isCutShort = (bytes: Buffer): boolean => /"finish_reason": ?"length"/.test(bytes.toString())

const describeStreams = healthy.length === 0 ? describe.skip : describe

describeStreams('healthy streams as servers sent them', () => {
  it.each(healthy)('reassemble leaves %s as it is, in any pieces', async (_, _api, bytes) => {
    const repairs: string[] = []
    for (const size of [1, 7, 4096]) {
      const response = await reassemble(answer(bytes, size), { onRepair: (type) => repairs.push(type) })()
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    }
    expect(repairs).toEqual([])
  })

  it.each(healthy)('recoverStream and requireComplete pass %s, with each SDK', async (_, api, bytes) => {
    const code = isCutShort(bytes) ? 'incomplete_answer' : undefined
    for (const major of MAJORS) {
      const { request, start } = await create(major, api, bytes)
      expect((await readText(recoverStream(start, { request, maxAttempts: 1 }))).error).toBeUndefined()
      expect((await readText(requireComplete(start(), { request }))).error?.code).toBe(code)
    }
  })

  it('come to reassemble decompressed', async () => {
    const bytes = Buffer.concat(healthy.map(([, , body]) => body))
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      response.end(gzipSync(bytes))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { readonly port: number }
    const response = await reassemble()(`http://127.0.0.1:${port}`)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    await new Promise((resolve) => server.close(resolve))
  })
})
