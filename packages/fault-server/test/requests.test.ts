import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { FAULTS, HEALTHY, startFaultServer, type FaultServer } from '../src/index.ts'
import { MAX_ARMED } from '../src/http/armed-queue.ts'
import { MAX_BODY_BYTES } from '../src/http/read-body.ts'
import { MAX_RECENT } from '../src/http/recent.ts'
import { askChat, parseAnswer, requestRaw, type RawRequest } from './raw-client.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

interface ErrorAnswer {
  readonly status: number
  readonly error: { readonly message: string; readonly type: string; readonly param: unknown; readonly code: string }
}

const ask = async (request: RawRequest): Promise<ErrorAnswer> => {
  const { status, body } = parseAnswer(await requestRaw(server.port, request))
  return { status, ...(JSON.parse(body) as Pick<ErrorAnswer, 'error'>) }
}
const chat = (fields: object, headers: Readonly<Record<string, string>> = {}): RawRequest => ({
  headers,
  body: { stream: true, messages: [], ...fields },
})
const arm = (name: unknown): RawRequest => ({ path: '/_control/next', body: { name } })

describe('an unknown fault', () => {
  it('is answered by an OpenAI error that names the nearest and lists all', async () => {
    const { status, error } = await ask(chat({ model: 'fault:cut_insde_event' }))
    expect(status).toBe(400)
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'model', code: 'unknown_fault' })
    expect(error.message).toMatch(/^Unknown fault "cut_insde_event"\. Did you mean "cut_inside_event"\? Faults: /)
    for (const { name } of [...FAULTS, ...HEALTHY]) expect(error.message).toContain(name)
  })

  it('gets no suggestion where nothing is near', async () => {
    const { error } = await ask(chat({ model: 'fault:zzzzzzzzzzzzzzzzzzzz' }))
    expect(error.message).toMatch(/^Unknown fault "zzzzzzzzzzzzzzzzzzzz"\. Faults: /)
  })

  it.each([
    ['the header', chat({ model: 'plain' }, { 'x-fault': 'nope' }), 'x-fault'],
    ['the control route', arm('nope'), 'name'],
    ['a model of the other table', chat({ model: 'fault:plain' }), 'model'],
  ] as const)('is refused in %s', async (_, request, param) => {
    expect(await ask(request)).toMatchObject({ status: 400, error: { code: 'unknown_fault', param } })
  })
})

describe('what a request gets', () => {
  const status = async (request: RawRequest): Promise<number> =>
    parseAnswer(await requestRaw(server.port, request)).status

  it('is chosen by model name', async () => expect(await status(chat({ model: 'fault:http_500' }))).toBe(500))
  it('is plain for any other model', async () => expect(await status(chat({ model: 'gpt-5' }))).toBe(200))
  it('is plain without a model', async () => expect(await status(chat({}))).toBe(200))
  it('is chosen by header before the model', async () =>
    expect(await status(chat({ model: 'fault:http_500' }, { 'x-fault': 'http_429' }))).toBe(429))

  it('is chosen by the control route before both, once for each time it was armed', async () => {
    expect(await ask(arm('http_502'))).toMatchObject({ status: 200, armed: 'http_502', waiting: 1 })
    expect(await ask(arm('http_429'))).toMatchObject({ status: 200, armed: 'http_429', waiting: 2 })
    const request = chat({ model: 'fault:http_500' }, { 'x-fault': 'plain' })
    expect(await status(request)).toBe(502)
    expect(await status(request)).toBe(429)
    expect(await status(request)).toBe(200)
  })
})

describe('a request that cannot be served', () => {
  const CASES: readonly (readonly [name: string, request: RawRequest, status: number, code: string])[] = [
    ['an unknown route', { method: 'GET', path: '/v2/models' }, 404, 'unknown_route'],
    ['the wrong method', { method: 'GET' }, 404, 'unknown_route'],
    ['a body that is not JSON', { body: undefined }, 400, 'invalid_json'],
    ['a body that is no object', { body: [] }, 400, 'invalid_json'],
    ['a model that is no string', chat({ model: 1 }), 400, 'invalid_model'],
    ['too many choices', chat({ n: 17 }), 400, 'invalid_n'],
    ['a control request without a name', arm(undefined), 400, 'name_missing'],
    ['a fault of streams without a stream', chat({ model: 'fault:cut_json', stream: false }), 400, 'stream_required'],
    ['a fault of Responses in chat', chat({ model: 'fault:responses_failed' }), 400, 'wrong_api'],
    ['an unknown response', { method: 'GET', path: '/v1/responses/resp_1' }, 404, 'response_not_found'],
    ['a body beyond the maximum', { body: 'x'.repeat(MAX_BODY_BYTES) }, 413, 'body_too_large'],
  ]

  it.each(CASES)('%s is told so', async (_, request, status, code) => {
    expect(await ask(request)).toMatchObject({ status, error: { type: 'invalid_request_error', code } })
  })
})

it('arms no more requests than its maximum', async () => {
  const own = await startFaultServer()
  const send = async (): Promise<number> => parseAnswer(await requestRaw(own.port, arm('http_500'))).status
  for (let count = 0; count < MAX_ARMED; count += 1) expect(await send()).toBe(200)
  expect(await send()).toBe(429)
  await own.close()
})

describe('requests', () => {
  beforeEach(async () => {
    await server.close()
    server = await startFaultServer()
  })

  it('counts what came, but for the control route', async () => {
    expect(server.requests).toBe(0)
    await askChat(server.port, 'plain')
    await ask(arm('plain'))
    await askChat(server.port, 'fault:http_500')
    expect(server.requests).toBe(2)
  })
})

describe('GET /v1/responses/:id', () => {
  const create = async (model: string, input = 'hi'): Promise<{ readonly id: string; readonly body: string }> => {
    const answer = await requestRaw(server.port, { path: '/v1/responses', body: { model, stream: true, input } })
    const { body } = parseAnswer(answer)
    return { id: /"id":"(resp_[^"]+)"/.exec(body)?.[1] ?? '', body }
  }
  const retrieve = async (id: string, query: string): Promise<string> =>
    parseAnswer(await requestRaw(server.port, { method: 'GET', path: `/v1/responses/${id}${query}` })).body

  it('streams the same events again', async () => {
    const { id, body } = await create('healthy:responses')
    expect(await retrieve(id, '?stream=true')).toBe(body)
  })

  it('resumes after a sequence number where a fault cut the stream', async () => {
    const { id, body } = await create('fault:no_done')
    const last = Number(
      body
        .match(/"sequence_number":(\d+)/g)
        ?.at(-1)
        ?.slice(18),
    )
    const rest = await retrieve(id, `?stream=true&starting_after=${last}`)
    expect(rest).toContain(`"sequence_number":${last + 1}`)
    expect(rest).toContain('event: response.completed')
    expect(await retrieve(id, '?stream=true')).toBe(body + rest)
  })

  it('answers with the whole response where no stream is asked for', async () => {
    const { id } = await create('healthy:responses')
    expect(JSON.parse(await retrieve(id, ''))).toMatchObject({ id, object: 'response', status: 'completed' })
  })

  it('forgets the oldest beyond its maximum', async () => {
    const { id: first } = await create('plain', 'first')
    const { id: second } = await create('plain', 'second')
    for (let count = 1; count < MAX_RECENT; count += 1) await create('plain', String(count))
    expect(await retrieve(first, '')).toContain('response_not_found')
    expect(await retrieve(second, '')).toContain(second)
  })
})

it('lists every fault and healthy stream as a model', async () => {
  const { body } = parseAnswer(await requestRaw(server.port, { method: 'GET', path: '/v1/models' }))
  const { data } = JSON.parse(body) as { readonly data: readonly { readonly id: string }[] }
  expect(data.map(({ id }) => id)).toEqual([
    ...FAULTS.map(({ name }) => `fault:${name}`),
    ...HEALTHY.map(({ name }) => `healthy:${name}`),
  ])
})
