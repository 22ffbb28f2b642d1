// How many spans does the viewer take a second, and do its answers stay quick while 5,000 spans come in each second?
//
// All spans are those of streams, the dearest kind, 1 in 20 of them broken with the chunk where it broke; 500 a request. Requests
// are made beforehand, and sent by another process on the same machine. What was stored is compared with what was sent.
//
// Under load the viewer is full: 200,000 streams, so that for each that comes one goes. A request is timed from when it was
// due, so that one that waits for those before it counts as late. Questions of the page are asked one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { callsOf, time } from './harness/calls.ts'
import { listen } from './harness/live.ts'
import { describeMachine, expectEqual, latencyCells, printTable } from './harness/report.ts'
import { post, postAll } from './harness/sender.ts'
import { BROKEN_EVERY, requestOf, type Body, type Encoding } from './harness/telemetry.ts'
import { startViewer } from './harness/viewer-process.ts'

const SPANS_PER_REQUEST = 500
const MAX_RATE_REQUESTS = 60
const CONNECTIONS = 4

const STREAMS = 200_000
const SPANS_PER_SECOND = 5000
const SECONDS = 30

const folder = mkdtempSync(join(tmpdir(), 'streamgauge-bench-'))
let files = 0
const settingsOf = (where: string) => (where === 'file' ? { path: join(folder, `${(files += 1)}.db`) } : {})

function bodies(from: number, requests: number, encoding: Encoding, gzip: boolean): readonly Body[] {
  return Array.from({ length: requests }, (_, i) => {
    return requestOf(from + i * SPANS_PER_REQUEST, SPANS_PER_REQUEST, encoding, gzip)
  })
}

async function outcomesOf(url: string): Promise<unknown> {
  const { text } = await time(url, { name: 'overview', path: '/api/overview' })
  const { streams, outcomes } = JSON.parse(text)
  return { streams, broken: outcomes.broken }
}

async function measureMaxRate(where: string, sent: readonly Body[]): Promise<readonly string[]> {
  const spans = MAX_RATE_REQUESTS * SPANS_PER_REQUEST
  const viewer = await startViewer({
    ...settingsOf(where),
    streams: 0,
    maxStreams: spans,
    brokenWithChunks: [],
    series: 0,
  })
  const cpuBefore = await viewer.cpuMs()
  const ms = await postAll(viewer.url, sent, CONNECTIONS)
  const cpuMs = (await viewer.cpuMs()) - cpuBefore
  expectEqual(await outcomesOf(viewer.url), { streams: spans, broken: spans / BROKEN_EVERY }, 'what was stored')
  await viewer.stop()
  const bytesPerSpan = sent.reduce((sum, { bytes }) => sum + bytes.length, 0) / spans
  return [bytesPerSpan.toFixed(0), where, ((spans / ms) * 1000).toFixed(0), ((cpuMs / spans) * 1000).toFixed(0)]
}

interface Load {
  readonly requestMs: readonly number[]
  /** From when the request of that number was due until the page's live event of that number. */
  readonly eventMs: readonly number[]
  readonly answerMs: readonly (readonly number[])[]
  readonly seconds: number
  readonly cpuShare: number
}

async function measureLoad(where: string, sent: readonly Body[]): Promise<Load> {
  const broken = STREAMS - BROKEN_EVERY
  const viewer = await startViewer({ ...settingsOf(where), streams: STREAMS, brokenWithChunks: [broken], series: 0 })
  // Asked for are streams that are there until the end.
  const calls = callsOf(STREAMS / 2, STREAMS, broken)
  const answerMs = calls.map((): number[] => [])
  const requestMs: number[] = []
  const eventMs: number[] = []
  const stopListening = await listen(viewer.url, (event) => eventMs.push(performance.now() - dueMsOf(event)))
  const cpuBefore = await viewer.cpuMs()
  const start = performance.now()
  const dueMsOf = (request: number) => start + (request * SPANS_PER_REQUEST * 1000) / SPANS_PER_SECOND
  const sendingState = { ended: false }

  async function sendAll(): Promise<void> {
    const answers: Promise<void>[] = []
    for (const [i, body] of sent.entries()) {
      const dueMs = dueMsOf(i)
      await wait(Math.max(dueMs - performance.now(), 0))
      answers.push(post(viewer.url, body).then(() => void requestMs.push(performance.now() - dueMs)))
    }
    await Promise.all(answers)
    sendingState.ended = true
  }
  async function ask(): Promise<void> {
    for (let i = 0; !sendingState.ended; i = (i + 1) % calls.length) {
      const call = calls[i]
      if (call !== undefined) answerMs[i]?.push((await time(viewer.url, call)).ms)
      await wait(20)
    }
  }
  await Promise.all([sendAll(), ask()])

  const seconds = (performance.now() - start) / 1000
  const cpuMs = (await viewer.cpuMs()) - cpuBefore
  expectEqual(await outcomesOf(viewer.url), { streams: STREAMS, broken: STREAMS / BROKEN_EVERY }, 'what is stored')
  const newest = await time(viewer.url, { name: 'list', path: '/api/streams?limit=1&text=' })
  const last = requestOf(STREAMS + sent.length * SPANS_PER_REQUEST - 1, 1, 'JSON', false).bytes.toString()
  expectEqual(JSON.parse(newest.text).streams[0].traceId, /"traceId":"(\w+)"/.exec(last)?.[1], 'the newest stream')
  stopListening()
  await viewer.stop()
  expectEqual(eventMs.length, sent.length, 'the live events')
  return { requestMs, eventMs, answerMs, seconds, cpuShare: cpuMs / 1000 / seconds }
}

const maxRates: (readonly string[])[] = []
for (const encoding of ['protobuf', 'JSON'] as const) {
  for (const gzip of [false, true]) {
    const sent = bodies(0, MAX_RATE_REQUESTS, encoding, gzip)
    const name = gzip ? `${encoding}, gzip` : encoding
    for (const where of ['memory', 'file']) maxRates.push([name, ...(await measureMaxRate(where, sent))])
  }
}
printTable(['encoding', 'bytes a span', 'store in', 'spans a second', 'processor, µs a span'], maxRates)

const underLoad = bodies(STREAMS, (SPANS_PER_SECOND / SPANS_PER_REQUEST) * SECONDS, 'protobuf', true)
const loads = [await measureLoad('memory', underLoad), await measureLoad('file', underLoad)]
rmSync(folder, { recursive: true })

console.log(`\n${SPANS_PER_SECOND} spans a second for ${SECONDS} s, protobuf with gzip, ${STREAMS} streams stored:\n`)
const columns = ['memory', 'file'].flatMap((where) => ['p50', 'p95', 'longest'].map((name) => `${where}: ${name}, ms`))
printTable(
  ['answer', ...columns],
  [
    ['a request of 500 spans', ...loads.flatMap(({ requestMs }) => latencyCells(requestMs))],
    ['its event at the page', ...loads.flatMap(({ eventMs }) => latencyCells(eventMs))],
    ['all of the below', ...loads.flatMap(({ answerMs }) => latencyCells(answerMs.flat()))],
    ...callsOf(0, 1, 0).map(({ name }, i) => [
      name,
      ...loads.flatMap(({ answerMs }) => latencyCells(answerMs[i] ?? [])),
    ]),
  ],
)
const shares = loads.map(({ cpuShare }) => `${(cpuShare * 100).toFixed(0)} %`)
console.log(`\nThe viewer took ${shares.join(' (memory) and ')} (file) of one core; ${describeMachine()}.`)
