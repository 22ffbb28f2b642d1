import { connect } from 'node:net'

/** All bytes of an answer, and how the connection ended. */
export interface RawAnswer {
  readonly bytes: Buffer
  readonly end: 'fin' | 'reset'
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Sends one request over a socket of its own, and reads until the server ends the connection. */
export const requestRaw = (port: number, { method = 'POST', path, headers, body }: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    const text = body === undefined ? '' : JSON.stringify(body)
    const fields = {
      host: 'localhost',
      connection: 'close',
      'content-length': String(Buffer.byteLength(text)),
      ...headers,
    }
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    const socket = connect(port, '127.0.0.1')
    const finish = (end: RawAnswer['end']): void => {
      socket.destroy()
      resolve({ bytes: Buffer.concat(chunks), end })
    }
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => finish('fin'))
    socket.on('error', () => finish('reset'))
    socket.write(`${method} ${path ?? '/v1/chat/completions'} HTTP/1.1\r\n${head.join('')}\r\n${text}`)
  })

/** Asks for a streamed chat answer by model name. */
export const askChat = (port: number, model: string, fields: object = {}): Promise<RawAnswer> =>
  requestRaw(port, { body: { model, stream: true, messages: [], ...fields } })

/** Asks for a streamed Responses answer by model name. */
export const askResponses = (port: number, model: string): Promise<RawAnswer> =>
  requestRaw(port, { path: '/v1/responses', body: { model, stream: true, input: 'hi' } })

export interface ParsedAnswer {
  readonly status: number
  readonly head: string
  /** The bytes after the head, as they are on the wire. */
  readonly raw: Buffer
  /** The body's HTTP chunks, where it is chunked; else all of it. */
  readonly chunks: readonly Buffer[]
  readonly body: string
  /** Whether the body is as long as HTTP's framing says. */
  readonly isWhole: boolean
}

/** Reads HTTP chunks up to the first thing that isn't one. */
const readChunks = (raw: Buffer): { readonly chunks: readonly Buffer[]; readonly isWhole: boolean } => {
  const chunks: Buffer[] = []
  let position = 0
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', position)
    const size = raw.toString('latin1', position, lineEnd)
    if (lineEnd === -1 || !/^[0-9a-f]+$/i.test(size)) return { chunks, isWhole: false }
    const start = lineEnd + 2
    const end = start + Number.parseInt(size, 16)
    if (size === '0') return { chunks, isWhole: raw.toString('latin1', start) === '\r\n' }
    chunks.push(raw.subarray(start, end))
    position = end + 2
  }
}

/** Takes an answer apart. */
export const parseAnswer = ({ bytes }: RawAnswer): ParsedAnswer => {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4
  const head = bytes.toString('latin1', 0, headEnd)
  const raw = bytes.subarray(headEnd)
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  const { chunks, isWhole } = /transfer-encoding: chunked/i.test(head)
    ? readChunks(raw)
    : { chunks: [raw], isWhole: length === undefined || raw.length === Number(length) }
  return { status: Number(head.slice(9, 12)), head, raw, chunks, body: Buffer.concat(chunks).toString('utf8'), isWhole }
}
