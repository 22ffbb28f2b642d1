import type { Capture } from '../../src/replay/capture.ts'
import { readCaptures } from '../../src/replay/read-captures.ts'
import { replayCapture, type ReplayOptions, type Replayed } from '../../src/replay/replay-capture.ts'

/** Bytes in pieces, as a file gives them. */
export async function* inPieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array, void> {
  const borders = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].toSorted((a, b) => a - b)
  for (const [i, border] of borders.slice(1).entries()) yield bytes.subarray(borders[i], border)
}

/** The only capture in such bytes. */
export async function captureOf(bytes: Uint8Array | string, cuts: readonly number[] = []): Promise<Capture> {
  const found = await readCaptures(inPieces(Buffer.from(bytes), cuts), 'It')
  const [capture] = found.format === 'chunk' ? [] : found.captures
  if (capture === undefined) throw new Error('a chunk is no capture')
  return capture
}

/** Replays the only capture in such bytes. */
export async function replayBytes(
  bytes: Uint8Array | string,
  options: ReplayOptions = {},
  cuts: readonly number[] = [],
): Promise<Replayed> {
  return replayCapture(await captureOf(bytes, cuts), options)
}

/** What a replay and a live run have to agree on. */
export function verdictOf({ report }: Replayed): string {
  const anomalies = report.anomalies.map(({ type }) => type).toSorted()
  return [report.fault?.code ?? report.outcome, report.fault?.cause ?? '-', ...anomalies].join(' ')
}
