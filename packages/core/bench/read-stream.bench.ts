// How fast does core read a stream: on large reads (bytes per second), and with one event per read (nanoseconds per event,
// with somebody else decoding the JSON, as in an instrumented application)?
//
// Each sample checks the number of events it found: a reader that skips some cannot be fast. The UTF-8 check is Node.js's
// own, as in the instrumentation.
import { Buffer, isUtf8 } from 'node:buffer'
import { cpus } from 'node:os'
import { Bench } from 'tinybench'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'

const native = {
  isUtf8,
  indexOf: (bytes: Uint8Array, byte: number, from: number): number => Buffer.prototype.indexOf.call(bytes, byte, from),
}

const value = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null }],
}
const event = new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`)
const EVENTS = 4096
const body = new Uint8Array(event.length * EVENTS)
for (let i = 0; i < EVENTS; i++) body.set(event, i * event.length)

/** Reads the body in pieces of one size; says how many events were found. */
function readBody(pieceBytes: number): number {
  const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer', native }, 0)
  let nowMs = 0
  for (let start = 0; start < body.length; start += pieceBytes) {
    monitor.pull(nowMs++)
    monitor.read(body.subarray(start, start + pieceBytes), nowMs)
  }
  return monitor.frames.events
}

/** One event per read, each handed over decoded. */
function readEvents(): number {
  const monitor = new StreamMonitor({ api: 'chat', decode: 'consumer', native }, 0)
  for (let i = 0; i < EVENTS; i++) {
    monitor.pull(i)
    monitor.read(event, i)
    monitor.payload(value)
  }
  return monitor.frames.events
}

const bench = new Bench({ time: 1000 })
const add = (name: string, run: () => number): void => {
  bench.add(name, () => {
    if (run() !== EVENTS) throw new Error(`${name} lost an event`)
  })
}
for (const pieceBytes of [64, 256, 1024, 16_384, 65_536]) add(`${pieceBytes} B per read`, () => readBody(pieceBytes))
add('one event per read, decoded by somebody else', readEvents)
await bench.run()
for (const { name, result } of bench.tasks) {
  if (!('latency' in result)) throw new Error(`${name} did not finish`)
  const ms = result.latency.p50
  const megabytes = body.length / ms / 1000
  console.log(
    `${name.padEnd(46)} ${megabytes.toFixed(0).padStart(6)} MB/s  ${((ms * 1e6) / EVENTS).toFixed(0).padStart(5)} ns per event`,
  )
}
console.log(`Node.js ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, medians`)
