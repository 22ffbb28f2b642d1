// Counts the bytes of heap that are allocated for each read of a long stream, and prints them as JSON. Started by
// read-stream.bench.ts with a young generation so large that it is never collected meanwhile: then what the heap has grown
// by is what was allocated, to the byte.
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import type { StreamMonitor } from '../../src/monitor/stream-monitor.ts'
import { ALLOCATION_CASES } from './allocation-cases.ts'
import { EVENT, monitorOf, VALUE } from './chat-stream.ts'

const READS = 8192
const SAMPLES = 5

/**
 * Times that are no integers, as a clock gives them. Numbers of an array of nothing but numbers would be made into objects
 * as they are handed over, which would count as ours.
 */
const times: readonly unknown[] = ['', ...Array.from({ length: 2 * READS }, (_, i) => i * 0.37 + 0.011)]

/** Goes on with the stream where it was. */
function play(monitor: StreamMonitor, reads: readonly Uint8Array[]): void {
  const first = monitor.reads
  let { bytes } = monitor.frames
  for (let i = 0; i < READS; i++) {
    monitor.pull(times[2 * i + 1] as number)
    const read = reads[(first + i) % reads.length] as Uint8Array
    monitor.read(read, times[2 * i + 2] as number)
    bytes += read.length
    while ((monitor.taken + 1) * EVENT.length <= bytes) monitor.payload(VALUE)
  }
}

let collections = 0
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] })

const results: number[][] = []
for (const { reads, readBefore } of ALLOCATION_CASES) {
  const monitor = monitorOf()
  // Until the compiler has come to rest, and the stream is as long as is asked for.
  for (let i = 0; i < 8 || monitor.frames.bytes < readBefore; i++) play(monitor, reads)
  const samples: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    // Whoever observes is told in a turn of its own.
    await setTimeout(20)
    const collectionsBefore = collections
    const before = getHeapStatistics().used_heap_size
    play(monitor, reads)
    const grown = getHeapStatistics().used_heap_size - before
    await setTimeout(20)
    if (collections !== collectionsBefore) throw new Error('garbage was collected meanwhile')
    samples.push(grown / READS)
  }
  const { events, bytes } = monitor.frames
  if (events !== Math.floor(bytes / EVENT.length)) throw new Error(`${events} events in ${bytes} bytes`)
  results.push(samples)
}
process.stdout.write(JSON.stringify(results))
