/** The first bytes of a source, and all of it, these among them. */
export interface Peeked {
  readonly head: Uint8Array
  readonly all: AsyncIterable<Uint8Array>
}

/** Looks at the first bytes of a source, which is read through `all` from then on. */
export async function peek(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let bytes = 0
  while (bytes < maxBytes) {
    const { done, value } = await iterator.next()
    if (done === true) break
    held.push(value)
    bytes += value.length
  }
  return { head: Buffer.concat(held).subarray(0, maxBytes), all: replayed(held, iterator) }
}

async function* replayed(
  held: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* held
    for (;;) {
      const { done, value } = await iterator.next()
      if (done === true) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** All of a source, where it is at most so long; `undefined` where it is longer. */
export async function readWhole(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of source) {
    bytes += piece.length
    if (bytes > maxBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
