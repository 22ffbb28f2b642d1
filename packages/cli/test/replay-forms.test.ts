import { describe, expect, it, jest } from '@jest/globals'
import { CUT, fileOf, HELLO, replayed, WHOLE } from './replay/captures.ts'
import { LIMIT_MS, runCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

describe('a HAR', () => {
  const entry = (content: object, more: object = {}): object => ({
    request: {
      method: 'POST',
      url: 'https://llm.example/v1/chat/completions',
      postData: { text: '{"model":"m","stream":true}' },
    },
    response: {
      status: 200,
      httpVersion: 'h2',
      headers: [{ name: 'Content-Type', value: 'text/event-stream' }],
      content,
      ...more,
    },
  })
  const har = (...entries: readonly object[]): string => JSON.stringify({ log: { version: '1.2', entries } })

  it('gives a verdict on each event stream, and none on the rest', async () => {
    const page = {
      request: { method: 'GET', url: 'https://llm.example/' },
      response: { status: 200, content: { mimeType: 'text/html', text: '<html>' } },
    }
    const document = await replayed(
      har(page, entry({ text: WHOLE }), entry({ text: Buffer.from(CUT).toString('base64'), encoding: 'base64' })),
    )
    expect(document.format).toBe('har')
    expect(document.streams).toMatchObject([
      { title: 'POST https://llm.example/v1/chat/completions', outcome: 'completed' },
      { errorType: 'truncated_event' },
    ])
  })

  it.each([
    ['net::ERR_CONNECTION_RESET', 'connection_reset'],
    ['net::ERR_HTTP2_PROTOCOL_ERROR', 'connection_reset'],
    ['net::ERR_INCOMPLETE_CHUNKED_ENCODING', 'premature_close'],
    ['net::ERR_CONTENT_LENGTH_MISMATCH', 'premature_close'],
    ['net::ERR_CONTENT_DECODING_FAILED', 'protocol_error'],
    ['net::ERR_ABORTED', 'truncated_event'],
  ])('with the note %s', async (note, errorType) => {
    const document = await replayed(har(entry({ text: CUT }, { _error: note })))
    expect(document.streams).toMatchObject([{ errorType }])
  })

  it('knows the dialect of the host and the model that were asked', async () => {
    const asked = {
      method: 'POST',
      url: 'https://integrate.api.nvidia.com/v1/chat/completions',
      postData: { text: '{"model":"z-ai/glm4.7","stream":true}' },
    }
    const document = await replayed(har({ ...entry({ text: HELLO }), request: asked }))
    expect(document.streams).toMatchObject([{ outcome: 'completed' }])
    const options = { host: 'integrate.api.nvidia.com', model: 'z-ai/glm4.7' }
    expect((await replayed(HELLO, options)).streams).toMatchObject([{ outcome: 'completed' }])
    expect((await replayed(HELLO)).streams).toMatchObject([{ errorType: 'missing_terminator' }])
  })

  it('with the note alone of an answer that failed is told by that', async () => {
    const failed = { content: { size: -1 }, _failureText: 'net::ERR_INCOMPLETE_CHUNKED_ENCODING' }
    const document = await replayed(har(entry({}, failed)))
    expect(document.streams).toMatchObject([
      { errorType: 'premature_close', endEvidence: 'the browser noted net::ERR_INCOMPLETE_CHUNKED_ENCODING' },
    ])
  })

  it('without an answer is told by the note of the browser', async () => {
    const failed = { status: 0, headers: [], content: {}, _error: 'net::ERR_NAME_NOT_RESOLVED' }
    const document = await replayed(har(entry({}, failed)))
    expect(document.streams).toMatchObject([
      { errorType: 'connection_failed', cause: 'wrong_endpoint', response: null },
    ])
  })

  it('shows no key of an address', async () => {
    const asked = {
      method: 'GET',
      url: 'https://user:secret1@llm.example/v1/chat?api-key=secret2',
      postData: { text: '{"stream":true}' },
    }
    const document = await replayed(har({ ...entry({ text: WHOLE }), request: asked }))
    expect(document.streams).toMatchObject([{ title: 'GET https://llm.example/v1/chat' }])
    expect(JSON.stringify(document)).not.toContain('secret')
  })

  it.each([
    ['without content', har(entry({ size: 7 })), /has event streams without their content/],
    ['without entries', '{"log":{}}', /looks like a HAR, but has no log\.entries/],
    ['that is cut', har(entry({ text: CUT })).slice(0, -9), /looks like a HAR, but has no log\.entries/],
    [
      'of other requests',
      har({ response: { content: { mimeType: 'text/css' } } }),
      /has no event stream among its 1 entries/,
    ],
    ['of nothing', har(), /among its 0 entries/],
    ['of what no program writes', '{"log":{"entries":[null,1,"a",[],{"response":null}]}}', /among its 5 entries/],
  ])('%s is one sentence', async (_, json, sentence) => {
    const failure = replayed(json)
    await expect(failure).rejects.toMatchObject({ code: 'input' })
    await expect(failure).rejects.toThrow(sentence)
  })
})

describe('a recorded chunk', () => {
  const RAW = 'data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"xxx'
  const FACTS = {
    'streamgauge.chunk.raw': RAW,
    'streamgauge.chunk.index': 7,
    'streamgauge.chunk.offset': 1234,
    'streamgauge.chunk.break': RAW.length,
    'error.type': 'connection_reset',
    'streamgauge.cause': 'network',
    'streamgauge.cause.confidence': 'guess',
    'streamgauge.cause.evidence': 'a reset was received',
    'streamgauge.stream.outcome': 'broken',
  }
  const otlp = Object.entries(FACTS).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: `${value}` } : { stringValue: value },
  }))

  it.each([
    ['attributes by name', FACTS],
    ['a span of OTLP', { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'chat m', attributes: otlp }] }] }] }],
    ['an event of a span', [{ events: [{ name: 'streamgauge.stream.fault', attributes: otlp }] }]],
  ])('in %s is quoted with the verdict of its span', async (_, json) => {
    const document = await replayed(JSON.stringify(json))
    expect(document.format).toBe('chunk')
    expect(document.streams).toMatchObject([
      {
        judgedFrom: 'span',
        errorType: 'connection_reset',
        cause: 'network',
        place: { index: 7, offset: 1234, break: RAW.length },
      },
    ])
    const { stdout } = await runCli(['replay', fileOf(JSON.stringify(json))])
    expect(stdout).toMatch(/│ +▲ it broke here$/m)
    expect(stdout).toContain('judged by the span, not by the chunk')
  })

  it('that was copied alone is judged by its bytes', async () => {
    for (const copied of [JSON.stringify(RAW), RAW]) {
      expect((await replayed(copied)).streams).toMatchObject([{ judgedFrom: 'body', errorType: 'truncated_event' }])
    }
  })

  it('whose numbers are masked is no broken one for that', async () => {
    const masked = 'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"xx","logprob":-0.000}}]}\n\n'
    expect((await replayed(JSON.stringify(masked))).streams).toMatchObject([{ errorType: 'missing_terminator' }])
  })

  it.each([
    ['in a JSON that is cut', '{"streamgauge.chunk.raw":"data: ', /is no valid JSON; copy the value alone/],
    ['that is no text', '{"streamgauge.chunk.raw":7}', /has no text in streamgauge\.chunk\.raw/],
  ])('%s is one sentence', async (_, json, sentence) => {
    const failure = replayed(json)
    await expect(failure).rejects.toMatchObject({ code: 'input' })
    await expect(failure).rejects.toThrow(sentence)
  })
})
