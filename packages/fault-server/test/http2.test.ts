import { once } from 'node:events'
import { connect, constants, type ClientHttp2Session } from 'node:http2'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FAULTS, HEALTHY, HTTP2_FAULTS, startFaultServer, type FaultServer, type Injector } from '../src/index.ts'
import { askChat, parseAnswer } from './raw-client.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({ http2: true, timeScale: 0, settleMs: 10, holdMs: 50 })
})
afterAll(() => server.close())

interface Answer {
  readonly status: number | undefined
  readonly body: string
  /** How the stream was closed. */
  readonly code: number | undefined
  /** What GOAWAY said, where it came. */
  readonly goaway: number | undefined
}

/** Opens a session of its own, asks on it, and reads until the stream is closed. */
const ask = async (model: string, path = '/v1/chat/completions'): Promise<Answer> => {
  const session = connect(server.url)
  try {
    return await askOn(session, model, path)
  } finally {
    session.destroy()
  }
}

const askOn = async (session: ClientHttp2Session, model: string, path = '/v1/chat/completions'): Promise<Answer> => {
  let status: number | undefined
  let goaway: number | undefined
  let body = ''
  session.on('goaway', (code: number) => (goaway = code)).on('error', () => undefined)
  const stream = session.request({ ':method': 'POST', ':path': path })
  stream.on('response', (headers) => (status = headers[':status']))
  stream.setEncoding('utf8').on('data', (text: string) => (body += text))
  stream.on('error', () => undefined)
  stream.end(JSON.stringify({ model, stream: true, messages: [] }))
  await new Promise((resolve) => {
    stream.once('close', resolve)
  })
  return { status, body, code: stream.rstCode, goaway }
}

const named = (injectors: readonly Injector[]): readonly (readonly [string, Injector])[] =>
  injectors.map((injector) => [injector.name, injector])

describe('a server of HTTP/2', () => {
  const EVENT = String.raw`data: \{[^\n]+\}\n\n`
  const TWO_DELTAS = `^(${EVENT}){3}`

  it('streams a healthy answer', async () => {
    const { status, body, code } = await ask('plain')
    expect(body).toMatch(new RegExp(String.raw`^(${EVENT})+data: \[DONE\]\n\n$`))
    expect({ status, code }).toEqual({ status: 200, code: constants.NGHTTP2_NO_ERROR })
  })

  it.each([
    ['h2_reset_stream', String.raw`data: \{[^\n]+$`, constants.NGHTTP2_INTERNAL_ERROR, undefined],
    ['h2_cancel_stream', String.raw`data: \{[^\n]+$`, constants.NGHTTP2_CANCEL, undefined],
    ['h2_goaway', '$', expect.any(Number), constants.NGHTTP2_NO_ERROR],
  ])('ends %s by its own frame', async (name, tail, code, goaway) => {
    const answer = await ask(`fault:${name}`)
    expect(answer).toEqual({ status: 200, body: expect.stringMatching(TWO_DELTAS + tail) as unknown, code, goaway })
  })

  it.each(['h2_reset_stream', 'h2_cancel_stream'])('leaves the other streams of %s alone', async (name) => {
    const session = connect(server.url)
    const [, other] = await Promise.all([askOn(session, `fault:${name}`), askOn(session, 'healthy:slow')])
    const next = await askOn(session, 'plain')
    session.destroy()
    for (const { body } of [other, next]) expect(body).toContain('data: [DONE]')
  })

  it('breaks the connection under a stream, and with it the session', async () => {
    const session = connect(server.url)
    const closed = once(session, 'close')
    const { body } = await askOn(session, 'fault:cut_between_events')
    await closed
    expect(body).toMatch(new RegExp(`${TWO_DELTAS}$`))
  })

  it.each(named([...HEALTHY, ...FAULTS].filter(({ http }) => http === 1)))('refuses %s', async (name, injector) => {
    const { status, body } = await ask(`${HEALTHY.includes(injector) ? 'healthy' : 'fault'}:${name}`)
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'wrong_http', message: `"${name}" needs HTTP/1: start the server without http2.` },
    })
  })

  it('lists what can be asked of it', async () => {
    const session = connect(server.url)
    const stream = session.request({ ':path': '/v1/models' })
    let body = ''
    for await (const text of stream.setEncoding('utf8')) body += String(text)
    session.destroy()
    const { data } = JSON.parse(body) as { readonly data: readonly { readonly id: string }[] }
    const ids = data.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['fault:h2_goaway', 'fault:no_done', 'healthy:plain']))
    expect(ids).not.toContain('fault:bad_chunk_framing')
  })

  it('closes with streams open', async () => {
    const own = await startFaultServer({ http2: true })
    const session = connect(own.url)
    session.on('error', () => undefined)
    const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions' })
    stream.on('error', () => undefined).end('{"model":"fault:stall_forever","stream":true}')
    await once(stream, 'response')
    const closed = new Promise((resolve) => {
      session.once('close', resolve)
    })
    await own.close()
    await closed
    expect(stream.destroyed).toBe(true)
  })
})

describe('a server of HTTP/1', () => {
  it.each(named(HTTP2_FAULTS))('refuses %s', async (name) => {
    const own = await startFaultServer()
    const answer = parseAnswer(await askChat(own.port, `fault:${name}`))
    await own.close()
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'wrong_http', message: `"${name}" needs HTTP/2: use startFaultServer({ http2: true }).` },
    })
  })
})
