import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import type { ReplayOptions } from '../../src/replay/replay-capture.ts'
import { replayFile, type ReplayDocument } from '../../src/replay/replay-file.ts'

/** Is gone when the tests of the file that uses it are through. */
export const folder: string = mkdtempSync(join(tmpdir(), 'streamgauge-'))
afterAll(() => rmSync(folder, { recursive: true }))

function event(content: string, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices })}\n\n`
}

export const HELLO: string = event('Hello')
export const WHOLE: string = `${HELLO}${event('', 'stop')}data: [DONE]\n\n`
/** 40 bytes of the second event. */
export const CUT: string = `${HELLO}${event(' wide world').slice(0, 40)}`
/** Its blank line is still to come. */
export const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'

/** Path of a file that holds these bytes until the next one is asked for. */
export function fileOf(bytes: string | Uint8Array): string {
  const path = join(folder, 'capture.txt')
  writeFileSync(path, bytes)
  return path
}

/** What is said of a capture, and in which form it was found. */
export async function replayed(bytes: string | Uint8Array, options: ReplayOptions = {}): Promise<ReplayDocument> {
  return replayFile(fileOf(bytes), options, 'masked')
}
