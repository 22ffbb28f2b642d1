import type { Sdk } from './sdks.ts'

/** A client whose answers come from a function. */
function clientOf(sdk: Sdk, answer: () => Response): InstanceType<Sdk['OpenAI']> {
  return new sdk.OpenAI({
    apiKey: 'test',
    baseURL: 'http://127.0.0.1/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async () => answer(),
  })
}

/** Its answers are all this body. */
export function fixedClient(sdk: Sdk, body: string, type: string): InstanceType<Sdk['OpenAI']> {
  return clientOf(sdk, () => new Response(body, { headers: { 'content-type': type } }))
}

/** Its connection is reset in the body of an answer. */
export function brokenClient(sdk: Sdk): InstanceType<Sdk['OpenAI']> {
  return clientOf(sdk, () => {
    const pull = (controller: ReadableStreamDefaultController): void => {
      const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      controller.error(new TypeError('terminated', { cause }))
    }
    return new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'application/json' } })
  })
}
