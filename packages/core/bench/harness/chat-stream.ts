import { Buffer, isUtf8 } from 'node:buffer'
import { ReadBatch } from '../../src/monitor/read-batch.ts'
import { StreamMonitor } from '../../src/monitor/stream-monitor.ts'

/** What the instrumentation hands in. */
const NATIVE = {
  isUtf8,
  indexOf: (bytes: Uint8Array, byte: number, from: number): number =>
    Reflect.apply(Buffer.prototype.indexOf, bytes, [byte, from]),
}

/** One for all streams of a process. */
const BATCH = new ReadBatch(NATIVE)

/** A monitor as the instrumentation has it: somebody else decodes the JSON, and small reads are looked at together. */
export function monitorOf(): StreamMonitor {
  return new StreamMonitor({ api: 'chat', decode: 'consumer', native: NATIVE, batch: BATCH }, 0)
}

/** Reads a whole stream of events of one size; each is handed over when its last byte has come. */
export function readAll(reads: readonly Uint8Array[], eventBytes: number): void {
  const monitor = monitorOf()
  let [nowMs, bytes] = [0.5, 0]
  for (const read of reads) {
    monitor.pull(nowMs)
    nowMs += 0.25
    monitor.read(read, nowMs)
    bytes += read.length
    while ((monitor.taken + 1) * eventBytes <= bytes) monitor.payload(VALUE)
  }
  if (monitor.frames.events * eventBytes !== bytes) throw new Error(`${monitor.frames.events} events in ${bytes} bytes`)
}

/** The value of an event with a word of an answer. */
export const VALUE = chunkOf(' word')

/** An event with a word of an answer. */
export const EVENT: Uint8Array = bytesOf(VALUE)

/** An event of so many bytes; at least about 150. */
export function eventOf(bytes: number): Uint8Array {
  const empty = bytesOf(chunkOf('')).length
  return bytesOf(chunkOf('x'.repeat(Math.max(0, bytes - empty))))
}

/** The event, as often as it is wanted. */
export function repeat(event: Uint8Array, times: number): Uint8Array {
  const body = new Uint8Array(event.length * times)
  for (let i = 0; i < times; i++) body.set(event, i * event.length)
  return body
}

/** The body in reads of one size; the last one is what is left. */
export function cut(body: Uint8Array, bytesPerRead: number): Uint8Array[] {
  const reads: Uint8Array[] = []
  for (let start = 0; start < body.length; start += bytesPerRead) reads.push(body.subarray(start, start + bytesPerRead))
  return reads
}

function chunkOf(content: string): object {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: null }
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] }
}

function bytesOf(value: object): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`)
}
