import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, STREAMING_APIS, type FaultServer } from '../src/index.ts'
import { parseAnswer, requestRaw } from './raw-client.ts'
import { formatRequest } from './streaming-request.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

type Fields = Readonly<Record<string, unknown>>

interface Event {
  readonly name: string | undefined
  readonly data: Fields
}

/** The events of a stream; `[DONE]` is told apart, as it is no JSON. */
const readEvents = (body: string): readonly Event[] =>
  body
    .split('\n\n')
    .slice(0, -1)
    .filter((event) => !event.endsWith('data: [DONE]'))
    .map((event) => ({
      name: /^event: (.*)$/m.exec(event)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as Fields,
    }))

const ask = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  parseAnswer(await requestRaw(server.port, { path, body, headers })).body

/** Each name once for each run of events that have it. */
const collapse = (names: readonly unknown[]): readonly unknown[] =>
  names.filter((name, index) => name !== names[index - 1])

describe('a run of Assistants', () => {
  const askRun = (path: string, fields: object = {}): Promise<string> => ask(path, { stream: true, ...fields })

  it('goes from thread.run.created to thread.run.completed, and ends in the event done', async () => {
    const body = await askRun('/v1/threads/thread_1/runs')
    expect(collapse(readEvents(body).map(({ name }) => name))).toEqual([
      'thread.run.created',
      'thread.run.queued',
      'thread.run.in_progress',
      'thread.run.step.created',
      'thread.run.step.in_progress',
      'thread.message.created',
      'thread.message.in_progress',
      'thread.message.delta',
      'thread.message.completed',
      'thread.run.step.completed',
      'thread.run.completed',
    ])
    expect(body.endsWith('event: done\ndata: [DONE]\n\n')).toBe(true)
  })

  it('belongs to the thread that it was asked for', async () => {
    const [first] = readEvents(await askRun('/v1/threads/thread_1/runs'))
    expect(first).toMatchObject({ data: { object: 'thread.run', thread_id: 'thread_1', status: 'queued' } })
  })

  it('makes a thread where it was asked for none, and says so first', async () => {
    const [first, second] = readEvents(await askRun('/v1/threads/runs'))
    const { id } = first?.data ?? {}
    expect(first?.name).toBe('thread.created')
    expect(second).toMatchObject({ name: 'thread.run.created', data: { thread_id: id } })
  })

  it('has deltas that add up to its message', async () => {
    const events = readEvents(await askRun('/v1/threads/runs'))
    const texts = events.flatMap(({ name, data }) => {
      const message = (name === 'thread.message.delta' ? data['delta'] : data) as Fields
      const [part] = (message['content'] ?? []) as readonly { readonly text: { readonly value: string } }[]
      return part === undefined ? [] : [part.text.value]
    })
    expect(texts.length).toBeGreaterThan(3)
    expect(texts.slice(0, -1).join('')).toBe(texts.at(-1))
  })

  describe('that calls a tool', () => {
    const start = async (): Promise<Event | undefined> =>
      readEvents(await askRun('/v1/threads/thread_1/runs', { model: 'healthy:tool_calls' })).at(-1)

    it('ends in thread.run.requires_action with the call', async () => {
      const call = { type: 'function', function: { name: 'read_gauge', arguments: '{"station":"Basel","unit":"cm"}' } }
      expect(await start()).toMatchObject({
        name: 'thread.run.requires_action',
        data: { required_action: { submit_tool_outputs: { tool_calls: [call] } } },
      })
    })

    it('goes on with its model and answers with text once it has the output', async () => {
      const id = String((await start())?.data['id'])
      const events = readEvents(await askRun(`/v1/threads/thread_1/runs/${id}/submit_tool_outputs`))
      expect(events[0]?.name).toBe('thread.run.queued')
      expect(events.map(({ name }) => name)).toContain('thread.message.delta')
      expect(events.at(-1)).toMatchObject({
        name: 'thread.run.completed',
        data: { id, thread_id: 'thread_1', model: 'healthy:tool_calls' },
      })
    })
  })

  it('takes the output of a run that it never saw, and a fault by its header', async () => {
    const path = '/v1/threads/thread_1/runs/run_1/submit_tool_outputs'
    expect(readEvents(await askRun(path)).at(-1)).toMatchObject({ data: { id: 'run_1', status: 'completed' } })
    expect(await ask(path, { stream: true }, { 'x-fault': 'http_500' })).toContain('"server_error"')
  })
})

describe('an image', () => {
  it.each([
    ['generations', 'image_generation'],
    ['edits', 'image_edit'],
  ])('of %s comes in three partial images and a whole one', async (path, prefix) => {
    const events = readEvents(await ask(`/v1/images/${path}`, { prompt: 'a river', stream: true }))
    expect(events.map(({ name, data }) => [name, data['type'], data['partial_image_index']])).toEqual([
      ...[0, 1, 2].map((index) => [`${prefix}.partial_image`, `${prefix}.partial_image`, index]),
      [`${prefix}.completed`, `${prefix}.completed`, undefined],
    ])
    for (const { data } of events) expect(data['b64_json']).toMatch(/^[\w+/]{128}$/)
  })
})

describe('a transcription', () => {
  const form = new FormData()
  form.set('model', 'gpt-4o-transcribe')
  form.set('file', new File(['RIFF'], 'river.wav'))

  const post = async (fields: FormData): Promise<string> =>
    (await fetch(`${server.baseURL}/audio/transcriptions`, { method: 'POST', body: fields })).text()

  it('asked for by a form has deltas that add up to its text, no names, and [DONE]', async () => {
    const streamed = new FormData()
    for (const [name, value] of form) streamed.set(name, value)
    streamed.set('stream', 'true')
    const body = await post(streamed)
    const events = readEvents(body)
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set([undefined]))
    const deltas = events.slice(0, -1).map(({ data }) => data['delta'])
    expect(events.at(-1)?.data).toMatchObject({ type: 'transcript.text.done', text: deltas.join('') })
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('that does not stream is one text', async () => {
    expect(JSON.parse(await post(form))).toMatchObject({ text: expect.any(String) as unknown })
  })

  it('is the same every time, whatever the boundary of the form', async () => {
    expect(await post(form)).toBe(await post(form))
  })

  it('asked for by a broken form is refused', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    expect(await ask('/v1/audio/transcriptions', {}, headers)).toContain('"invalid_form"')
  })
})

describe('speech', () => {
  it('as events has audio in base64 that is what comes without them', async () => {
    const events = readEvents(await ask('/v1/audio/speech', { input: 'hi', stream_format: 'sse' }))
    expect(events.at(-1)?.data).toMatchObject({ type: 'speech.audio.done', usage: { input_tokens: 12 } })
    for (const { data } of events.slice(0, -1)) {
      expect(data['type']).toBe('speech.audio.delta')
      expect(Buffer.from(String(data['audio']), 'base64').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfb]))
    }
  })

  it('is MP3 otherwise', async () => {
    const response = await fetch(`${server.baseURL}/audio/speech`, { method: 'POST', body: '{"input":"hi"}' })
    expect(response.headers.get('content-type')).toBe('audio/mpeg')
    expect((await response.bytes()).subarray(0, 2)).toEqual(Uint8Array.of(0xff, 0xfb))
  })
})

describe('Azure', () => {
  const SAFE = { filtered: false, severity: 'safe' }
  const RESULTS = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE }

  it.each(['/openai/deployments/river/chat/completions?api-version=2024-10-21', '/openai/v1/chat/completions'])(
    'at %s says what its filter found, of the prompt first and then of each piece',
    async (path) => {
      const [prompt, role, ...rest] = readEvents(await ask(path, { model: 'm', stream: true })).map(({ data }) => data)
      expect(prompt).toEqual({
        choices: [],
        created: 0,
        id: '',
        model: '',
        object: '',
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: RESULTS }],
      })
      expect(role).toMatchObject({ choices: [{ content_filter_results: {}, delta: { role: 'assistant' } }] })
      for (const chunk of rest.slice(0, -1)) {
        expect(chunk).toMatchObject({ choices: [{ content_filter_results: RESULTS, delta: {} }] })
      }
      expect(rest.at(-1)).toMatchObject({ choices: [{ content_filter_results: {}, finish_reason: 'stop' }] })
    },
  )

  it('takes the deployment for the model where the body names none', async () => {
    const path = '/openai/deployments/fault%3Ahttp_500/chat/completions'
    expect(parseAnswer(await requestRaw(server.port, { path, body: { stream: true } })).status).toBe(500)
  })

  it('has the other interfaces below /openai as well', async () => {
    const events = readEvents(await ask('/openai/responses?api-version=preview', { stream: true }))
    expect(events.at(-1)?.name).toBe('response.completed')
  })
})

describe('a model that calls a tool', () => {
  const CALL = '"read_gauge"'

  it.each([
    ['/v1/chat/completions', { messages: [{ role: 'user' }] }, { messages: [{ role: 'user' }, { role: 'tool' }] }],
    ['/v1/responses', { input: 'hi' }, { input: [{ role: 'user' }, { type: 'function_call_output' }] }],
  ])('answers with text at %s once the output of the tool came', async (path, before, after) => {
    const request = { model: 'healthy:tool_calls', stream: true }
    expect(await ask(path, { ...request, ...before })).toContain(CALL)
    expect(await ask(path, { ...request, ...after })).not.toContain(CALL)
  })
})

it.each(STREAMING_APIS)('%s refuses an injector that makes no sense there', async (api) => {
  const { path } = formatRequest(api, '')
  const name = api === 'responses' ? 'late_data' : 'responses_failed'
  const body = { stream: true, stream_format: 'sse' }
  expect(await ask(`/v1${path}`, body, { 'x-fault': name })).toContain('"wrong_api"')
})
