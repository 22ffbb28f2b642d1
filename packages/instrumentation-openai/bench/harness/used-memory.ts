/** Bytes in use, in the heap of the language and in buffers outside of it, after all garbage was collected. */
export async function readUsedMemory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
