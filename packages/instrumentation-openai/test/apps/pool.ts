/** Works through a list, a few at a time; rejects with the first that does. */
export async function runPool<T>(
  items: Iterable<T>,
  concurrency: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) {
      const [item] = waiting.splice(0, 1) as [T]
      await run(item)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}
