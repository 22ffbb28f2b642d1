import { CHUNK_KINDS, StreamMonitor, type StreamReport } from '@streamgauge/core'
import type { Cell, Cells } from '../../src/telemetry/cells.ts'
import type { Histograms } from '../../src/telemetry/histograms.ts'

type Request = Parameters<Cells['of']>[0]

/** What is read of a request where its cell is looked for. */
export function requestOf(model: string): Request {
  const names = { operation: 'chat', provider: 'openai', host: 'api.openai.com', model }
  return names as Request
}

const TEXT = '{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}'
const FINISH = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'
const USAGE = '{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}'

const WHOLE = report([TEXT, FINISH, USAGE, '[DONE]'])
const CUT = report([TEXT])
/** One stream in so many breaks. */
const BREAKS = 10

/** Counts and records a stream of each of `count` models out of `models`, which are the next ones in each round. */
export function countStreams(cells: Cells, histograms: Histograms, models: number, count: number, round: number): void {
  for (let i = 0; i < count; i++) {
    const cell = cells.of(requestOf(`model-${(round * count + i) % models}`))
    countStream(cell, cells, histograms, (i + round) % BREAKS === 0 ? CUT : WHOLE)
  }
}

function countStream(cell: Cell, cells: Cells, histograms: Histograms, ended: StreamReport): void {
  cell.reads += ended.reads
  cell.bytes += ended.bytes
  for (const kind of CHUNK_KINDS) cell.chunks[kind] += ended.chunks[kind]
  cells.countEnd(cell, ended)
  histograms.recordRequest(cell.attributes, ended.endedAtMs - ended.startedAtMs, ended.fault?.code)
  histograms.recordStream(cell.attributes, ended.timeToFirstChunkMs, ended.maxGapMs)
  if (ended.usage !== undefined) histograms.recordUsage(cell.attributes, ended.usage, ended.fault !== undefined)
}

/** Watches a short stream of such events, which then ends in order. */
function report(events: readonly string[]): StreamReport {
  const monitor = new StreamMonitor({ api: 'chat' }, 0)
  for (const [i, data] of events.entries()) {
    monitor.pull(i)
    monitor.read(new TextEncoder().encode(`data: ${data}\n\n`), i + 0.5)
  }
  monitor.eof(events.length)
  return monitor.finish({ kind: 'done' }, events.length)
}
