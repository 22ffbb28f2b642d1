import type { Row } from '../store/store.ts'
import type { StreamBlock } from './stream-block.ts'
import type { StreamGroup, StreamGroups } from './stream-groups.ts'

import { appendRow, BLOCK_ROWS, createBlock } from './stream-block.ts'
import { createGroups } from './stream-groups.ts'

/** What is known of streams to find and to count them, column by column. */
export interface StreamColumns {
  /** In the order in which the streams came. */
  readonly blocks: readonly StreamBlock[]
  /** By number; `undefined` where none has that number. */
  readonly groups: readonly (StreamGroup | undefined)[]
  readonly size: number
}

/** Columns that grow at one end and shrink at the other, as the store does. */
export interface GrowingColumns extends StreamColumns {
  /** Of the stream that came last; 0 before any did. */
  readonly lastId: number
  append(row: Row): void
  dropBefore(id: number): void
  clear(): void
}

export function createColumns(): GrowingColumns {
  let blocks: StreamBlock[] = []
  let groups: StreamGroups = createGroups()
  let size = 0

  function dropFirst(block: StreamBlock): void {
    groups.remove(block.groups[block.from] ?? 0)
    block.words[block.from] = ''
    block.from += 1
    size -= 1
  }

  return {
    get blocks() {
      return blocks
    },
    get groups() {
      return groups.byNumber
    },
    get size() {
      return size
    },
    get lastId() {
      const block = blocks.at(-1)
      return block?.ids[block.to - 1] ?? 0
    },
    append(row) {
      let block = blocks.at(-1)
      if (block === undefined || block.to === BLOCK_ROWS) {
        block = createBlock()
        blocks.push(block)
      }
      appendRow(block, row, groups.add(row))
      size += 1
    },
    dropBefore(id) {
      for (const block of blocks) {
        while (block.from < block.to && (block.ids[block.from] ?? id) < id) dropFirst(block)
        if (block.from < block.to) break
      }
      // The last one stays: it tells which stream came last.
      blocks = blocks.filter((block, i) => block.from < block.to || i === blocks.length - 1)
    },
    clear() {
      blocks = []
      groups = createGroups()
      size = 0
    },
  }
}
