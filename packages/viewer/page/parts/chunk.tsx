import type { FoundStream } from '../../src/queries/find-streams.ts'

import { Fragment } from 'preact'
import { useState } from 'preact/hooks'

import { HEX_WIDTH, toChunkBytes, toHexLines } from '../text/chunk-bytes.ts'
import { escapePieces } from '../text/escape.ts'
import { maskedPieces } from '../text/masked.ts'
import { formatBytes } from '../text/units.ts'
import { Card } from './card.tsx'

/** The chunk that could not be parsed, with a mark where it broke. */
export function Chunk({ stream }: { readonly stream: FoundStream }) {
  const { chunk, traceId, spanId } = stream
  const [form, setForm] = useState<'text' | 'hex'>(chunk?.encoding === 'base64' ? 'hex' : 'text')
  if (chunk === null) return null
  const place = `chunk ${chunk.index ?? '?'} at byte ${chunk.offset ?? '?'}, ${formatBytes(chunk.size)}`
  if (chunk.raw === null) {
    return (
      <Card title="The chunk" note={place}>
        <p class="dim">What it said was not recorded: STREAMGAUGE_RAW_CHUNK is off.</p>
      </Card>
    )
  }
  return (
    <Card title={chunk.break === null ? 'The chunk' : 'The chunk, where it broke'} note={place} class="chunk">
      <div class="tools">
        <div class="switch" role="group" aria-label="Form">
          {(['text', 'hex'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={form === name} onClick={() => setForm(name)}>
              {name}
            </button>
          ))}
        </div>
        <a class="button" href={`/api/streams/${traceId}/${spanId}/chunk.sse`} download>
          Download .sse
        </a>
      </div>
      {form === 'hex' ? <Hex chunk={chunk} /> : <ChunkText raw={shownText(chunk)} breakAt={textBreak(chunk)} />}
      <p class="dim">
        {chunk.truncated === true ? 'A part of it: the rest was not recorded. ' : ''}
        {form === 'text' && maskedPieces(shownText(chunk)).some(({ isMasked }) => isMasked) ? (
          <>
            <span class="masked">xxx</span> is masked: the length is true, the letters are not.
          </>
        ) : null}
      </p>
    </Card>
  )
}

type Recorded = NonNullable<FoundStream['chunk']>

function shownText(chunk: Recorded): string {
  if (chunk.encoding !== 'base64') return chunk.raw ?? ''
  return new TextDecoder().decode(toChunkBytes(chunk).bytes)
}

/** In base64 the break counts bytes, which the text of broken UTF-8 has no places for. */
function textBreak(chunk: Recorded): number | null {
  return chunk.encoding === 'base64' ? null : chunk.break
}

function ChunkText({ raw, breakAt }: { readonly raw: string; readonly breakAt: number | null }) {
  const at = breakAt === null ? raw.length : Math.min(Math.max(0, breakAt), raw.length)
  return (
    <pre class="raw" tabIndex={0} aria-label="The chunk as text">
      <Pieces text={raw.slice(0, at)} />
      {breakAt === null ? null : (
        <mark>
          <b>▲</b> it broke here
        </mark>
      )}
      <span class="after">
        <Pieces text={raw.slice(at)} />
      </span>
    </pre>
  )
}

function Pieces({ text }: { readonly text: string }) {
  return (
    <>
      {maskedPieces(text).map((piece, i) =>
        piece.isMasked ? (
          <span key={i} class="masked">
            {piece.text}
          </span>
        ) : (
          escapePieces(piece.text).map((part, k) =>
            part.isSign ? (
              <span key={`${i} ${k}`} class="sign">
                {part.text === '⏎' ? '⏎\n' : part.text}
              </span>
            ) : (
              part.text
            ),
          )
        ),
      )}
    </>
  )
}

function Hex({ chunk }: { readonly chunk: Recorded }) {
  const { bytes, breakAt } = toChunkBytes(chunk)
  return (
    <pre class="raw hex" tabIndex={0} aria-label="The chunk as bytes">
      {toHexLines(bytes).map(({ offset, bytes: line }) => (
        <div key={offset}>
          <span class="dim">{offset.toString(16).padStart(4, '0')}</span>
          {'  '}
          {line.map((byte, i) => (
            <Fragment key={i}>
              <span class={offset + i === breakAt ? 'broke' : ''}>{byte.toString(16).padStart(2, '0')}</span>
              {i === HEX_WIDTH / 2 - 1 ? '  ' : ' '}
            </Fragment>
          ))}
          {'   '.repeat(HEX_WIDTH - line.length) + (line.length < HEX_WIDTH / 2 ? ' ' : '')}{' '}
          {line.map((byte, i) => (
            <span key={i} class={offset + i === breakAt ? 'broke' : ''}>
              {byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '·'}
            </span>
          ))}
        </div>
      ))}
      {breakAt === bytes.length ? <mark>▲ it broke here, after byte {breakAt}</mark> : null}
    </pre>
  )
}
